// Rules of inspections and findings (domain.md, sections 4, 6.4 and 6.5).

import type { Fields, Json } from "../../schemas/declare.ts";
import { always, avoided, forbidden, type Guard, people, type Rule, setting } from "./asking.ts";
import { textOf, textsOf } from "./sight.ts";

const CONTENT = [
  "kind",
  "loan_id",
  "application_id",
  "visit_id",
  "checklist_code",
  "checklist_version",
  "answers",
  "narrative",
  "conclusion",
  "recommended_class",
  "recommended_reason",
  "inspector_ids",
  "findings",
];

/** Who inspects by a note, or by an audit. */
export function inspectorsOf(fields: Fields): readonly string[] {
  return people(...textsOf(fields, "inspector_ids"), fields.auditor_id);
}

/** SOD-7: a supervisory inspection is not made by those who handle the loan. */
const notByTheHandlers: Rule = ({ fields, sight }) => {
  if (fields.kind !== "supervisory") return null;
  const loan = sight.record(fields.loan_id)?.fields ?? {};
  const application = sight.record(loan.application_id)?.fields ?? {};
  const handlers = people(
    loan.officer_id,
    ...investigatorsOf(loan.responsible),
    application.officer_id,
    application.co_officer_id,
  );
  const mine = inspectorsOf(fields).some((it) => handlers.includes(it));
  return mine ? forbidden("SOD-7", null, "inspector_ids") : null;
};

function investigatorsOf(responsible: Json | undefined): readonly string[] {
  const found = responsible as { readonly investigator?: Json } | null | undefined;
  return Array.isArray(found?.investigator) ? people(...found.investigator) : [];
}

const notByRelatives: Rule = (asked) =>
  avoided(asked, asked.after.customer, inspectorsOf(asked.fields), "inspector_ids");

/** A signature is its signer's own, and the signer's one of the inspectors. */
const signedByOneself: Rule = (asked) => {
  const allowed = inspectorsOf(asked.fields);
  const signs = asked.paths.filter((it) => it.startsWith("signed_by.") && it.endsWith(".user"));
  const other = signs.find((it) => {
    const signer = asked.fields[it];
    return asked.sets(it) && (signer !== asked.actor.user || !allowed.includes(String(signer)));
  });
  return other === undefined ? null : forbidden(null, "signature-of-another", other);
};

/** What all have signed is not changed; later words are an amendment. */
const sealedOnceSigned: Rule = (asked) => {
  if (asked.before.state !== "signed" && asked.before.state !== "confirmed") return null;
  const changed = asked.paths.find(
    (it) => CONTENT.includes(it.split(".")[0] ?? "") && asked.sets(it),
  );
  return changed === undefined ? null : forbidden(null, "signed-already", changed);
};

/** SOD-11: an auditor changes nobody's inspections and findings but his own. */
const auditedByOneself: Rule = ({ actor, fields, after, sight }) => {
  if (actor.role !== "auditor") return null;
  const note = after.type === "finding" ? sight.record(fields.inspection_note_id)?.fields : fields;
  return note && inspectorsOf(note).includes(actor.user) ? null : forbidden("SOD-11");
};

/** The owner claims, another verifies; a supervisor waives, a critical one an approver. */
const putRightByTheOwner: Rule = (asked) => {
  const { fields, before, actor, sight } = asked;
  if (asked.isNew || !asked.sets("state")) return null;
  const owner = textOf(fields, "owner_id");
  const note = sight.record(fields.inspection_note_id)?.fields ?? {};
  const mayJudge = actor.role === "supervisor" || inspectorsOf(note).includes(actor.user);
  if (asked.movesTo("rectified")) {
    return owner === null || owner === actor.user ? null : forbidden(null, "owner-claims");
  }
  if (asked.movesTo("closed") || (asked.movesTo("open") && before.state === "rectified")) {
    return mayJudge && actor.user !== owner ? null : forbidden(null, "owner-verifies");
  }
  if (!asked.movesTo("waived")) return null;
  const right = fields.severity === "critical" ? "approver" : "supervisor";
  return actor.role === right ? null : forbidden(null, "critical-waived-above");
};

/** By the type of record, in the order in which they are asked. */
export const INSPECTIONS: Readonly<Record<string, readonly Guard[]>> = {
  inspection_note: [
    { says: notByTheHandlers, concerns: setting("kind", "loan_id", "inspector_ids") },
    { says: notByRelatives, concerns: setting("inspector_ids") },
    { says: auditedByOneself, concerns: always },
    { says: signedByOneself, concerns: setting("signed_by") },
    { says: sealedOnceSigned, concerns: setting(...CONTENT) },
  ],
  officer_audit: [
    { says: auditedByOneself, concerns: always },
    { says: signedByOneself, concerns: setting("signed_by") },
    { says: sealedOnceSigned, concerns: setting(...CONTENT) },
  ],
  finding: [
    { says: putRightByTheOwner, concerns: setting("state") },
    { says: auditedByOneself, concerns: always },
  ],
};
