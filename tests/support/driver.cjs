// Loaded into Playwright's driver: what it needs in each page is sent to each tab once.
//
// Before a test can click or wait in a page, Playwright sends a script of a third of a megabyte into a world of
// its own beside the page's own. Sending and reading it takes longer than loading a page of ours. Here the
// driver asks Chromium, when a tab is made, to put that script into this world of each new page as a function,
// which is called when it is needed. It also describes each element that it finds, for a log that is not kept,
// and for that it needs the script in the page's own world too: no element is described here.
// Where a driver is written otherwise, it stays as it is: only the time differs.
"use strict";

const { Module } = require("node:module");

const WHOLE = /^\s*\(\(\) => \{([^]*"frameSeq":)(\d+)(,[^]*)\}\)\(\);\s*$/;
const CHANGES = [
    [
        /this\._client\.send\("Runtime\.evaluate", \{\s*expression: (\w+),\s*contextId: this\._contextId\s*\}\)/,
        "globalThis.inTheWorld(this._client, this._contextId, context, $1)",
    ],
    [/source: "",(\s*worldName: this\._crPage\.utilityWorldName)/, "source: globalThis.forEachPage(),$1"],
    [/this\._initializePreview\(\)\.catch\(\(\w+\) => \{\s*\}\);/, ""],
];
const NAME = "playwrightScript";
let made = "";  // the script without the number of the page, as a function of that number

globalThis.forEachPage = () => made && `globalThis.${NAME} = ${made};`;

globalThis.inTheWorld = async (client, contextId, context, expression) => {
    const whole = context.world === "utility" && expression.match(WHOLE);
    if (whole) {
        const [, before, number, after] = whole;
        const script = `(number) => {${before}number${after}}`;
        if (script === made) {
            const expression = `globalThis.${NAME}?.(${number})`;
            const answer = await client.send("Runtime.evaluate", { expression, contextId });
            if (answer.result.objectId) return answer;
        }
        made = script;
    }
    return client.send("Runtime.evaluate", { expression, contextId });
};

const compile = Module.prototype._compile;
Module.prototype._compile = function (content, filename, ...more) {
    const isDriver = /[\\/]playwright[\\/]driver[\\/]package[\\/]lib[\\/]/.test(filename);
    if (isDriver && CHANGES.every(([before]) => before.test(content)))
        for (const [before, after] of CHANGES) content = content.replace(before, after);
    return compile.call(this, content, filename, ...more);
};
