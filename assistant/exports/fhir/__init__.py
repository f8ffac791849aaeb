"""A review as a FHIR R4 document."""
