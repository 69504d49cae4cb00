// Validates one JSON file against R4 with the npm package `fhir`; exits 1 and lists what is wrong.
const { readFileSync } = require("node:fs");
const { Fhir } = require("fhir");

const told = new Fhir().validate(readFileSync(process.argv[2], "utf8"), { errorOnUnexpected: true });
const errors = told.messages.filter((m) => m.severity === "error" || m.severity === "fatal");
for (const m of errors) console.log(`${m.location}: ${m.message}`);
process.exit(told.valid && errors.length === 0 ? 0 : 1);
