"""What two people agreed, as a FHIR R4 document."""
