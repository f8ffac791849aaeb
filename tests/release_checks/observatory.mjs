// Grades recorded answers by the rules of Mozilla's HTTP Observatory, without its network requests.
// node observatory.mjs FOLDER-OF-THE-PACKAGE < recorded answers as JSON
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const source = path.join(process.argv[2], "node_modules/@mdn/mdn-http-observatory/src");
const load = (name) => import(pathToFileURL(path.join(source, name)));
const { ALL_TESTS, NUM_TESTS, ALGORITHM_VERSION } = await load("constants.js");
const { getGradeForScore, getScoreModifier } = await load("grader/grader.js");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await load("grader/charts.js");
const { Requests } = await load("types.js");
const { parseHttpEquivHeaders } = await load("retriever/utils.js");
const require = createRequire(path.join(source, "x.js"));
const { CookieJar } = require("tough-cookie");
const { AxiosHeaders } = require("axios");

const told = JSON.parse(readFileSync(0, "utf-8"));
const answer = ({ status, headers }) => ({ status, headers: new AxiosHeaders(headers), verified: true, request: { headers: {} } });
const asked = new Requests(told.host);
asked.resources.path = told.page.html;
asked.responses.auto = asked.responses.https = answer(told.page);
asked.responses.auto.httpEquiv = parseHttpEquivHeaders(told.page.html, `https://${told.host}/`);
asked.responses.cors = answer(told.preflight);
asked.responses.http = answer(told.page);
// the proxy of `assistant papers nginx` answers http with this redirect; the program itself is never reached by http
asked.responses.httpRedirects = [
  { url: new URL(`http://${told.host}/`), status: 301 },
  { url: new URL(`https://${told.host}/`), status: told.page.status },
];
const jar = new CookieJar();
for (const cookie of told.cookies) jar.setCookieSync(cookie, `https://${told.host}/`);
asked.session = { url: new URL(`https://${told.host}/`), jar };

const results = ALL_TESTS.map((test) => test(asked));
const modifiers = results.map((one) => getScoreModifier(one.result));
const without = 100 + modifiers.filter((one) => one < 0).reduce((sum, one) => sum + one, 0);
const all = 100 + modifiers.reduce((sum, one) => sum + one, 0);
const { score, grade } = getGradeForScore(without >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? all : without);
const passed = results.filter((one) => one.pass).length;
console.log(JSON.stringify({ grade, score, passed, tests: NUM_TESTS, version: ALGORITHM_VERSION,
  failed: results.filter((one) => !one.pass).map((one) => one.result) }));
