import { useState } from "preact/hooks";
import type { FieldFault, Option } from "../../src/components/form/part.ts";
import type { Kept } from "../../src/components/form/SavedLine.tsx";
import { useLang } from "../../src/i18n/context.ts";
import type { Fields } from "../../src/schemas/declare.ts";
import { isMap } from "../../src/schemas/registry.ts";
import { layoutOf, leafPath } from "../../src/screens/edit/layout.ts";
import type { Meanwhile } from "../../src/screens/edit/model.ts";
import { EditView } from "../../src/screens/edit/view.tsx";
import type { Entry } from "./entry.ts";
import { frame, nothing } from "./frame.ts";
import { declared } from "./types.ts";

const VILLAGE = "019f0c2e-0000-7000-8000-000000000001";
const ASSET = "019f0c2e-0000-7000-8000-0000000000a1";
const VILLAGES: readonly Option[] = [
  { value: VILLAGE, label: "柳湾村" },
  { value: "2", label: "小河村" },
];
const CUSTOMER: Fields = {
  customer_no: "KH00017",
  name: "王秀英",
  id_no: "999901197805120013",
  phone: "13800004417",
  village_id: VILLAGE,
  segment: "livestock",
  household_size: 4,
  annual_income_fen: 4_260_000,
  land_own_tmu: 125,
  village_opinion: "good",
  village_opinion_by: "村支书王建军",
  village_opinion_on: "2026-06-01",
  tags: ["示范村"],
  preferences: "晚上在家。电话常打不通。",
  home_lat_e6: 30_100_000,
  home_lon_e6: 110_200_000,
  home_acc_m: 8,
  state: "active",
  [`assets.${ASSET}.label`]: "砖房三间",
  [`assets.${ASSET}.kind`]: "house",
  [`assets.${ASSET}.value_fen`]: 8_000_000,
};

interface SampleProps {
  readonly type: string;
  readonly mode: "create" | "edit";
  readonly before?: Fields;
  readonly typed?: Fields;
  readonly as?: string;
  readonly faults?: Readonly<Record<"en" | "zh", readonly FieldFault[]>>;
  readonly meanwhile?: Readonly<Record<"en" | "zh", readonly Meanwhile[]>>;
  readonly kept?: Kept;
  readonly attempt?: number;
}

const OPTIONS = { village_id: VILLAGES };

/** A form of any type that can be typed into. */
function Sample(sample: SampleProps) {
  const lang = useLang();
  const { type: name, mode, before = {}, typed = {}, as: role = "officer" } = sample;
  const [values, setValues] = useState<Fields>({ ...before, ...typed });
  const [added, setAdded] = useState(0);
  const type = declared(name);
  const parts = layoutOf({
    type,
    role,
    mode,
    values,
    before,
    choosable: new Set(Object.keys(OPTIONS)),
  });
  const leavesOf = (map: string, key: string): Fields => {
    const doc = type.doc.fields[map];
    if (doc === undefined || !isMap(doc)) return {};
    return Object.fromEntries(Object.keys(doc.leaves).map((it) => [leafPath(map, key, it), null]));
  };
  return (
    <EditView
      frame={frame()}
      back="#/customers"
      mode={mode}
      what={type.doc.title}
      about={mode === "edit" ? "王秀英" : null}
      parts={parts}
      values={values}
      before={before}
      options={OPTIONS}
      names={{ [VILLAGE]: "柳湾村" }}
      meanwhile={sample.meanwhile?.[lang] ?? []}
      faults={sample.faults?.[lang] ?? []}
      attempt={sample.attempt ?? 0}
      kept={sample.kept ?? null}
      touched={Object.keys(typed).length > 0}
      finishing={false}
      places={{}}
      onChange={(path, value) => setValues((held) => ({ ...held, [path]: value }))}
      onAdd={(map) => {
        const [first = ""] = Object.keys(leavesOf(map, `new${added}`));
        setValues({ ...values, [first]: null });
        setAdded(added + 1);
      }}
      onRemove={(map, key) => setValues({ ...values, ...leavesOf(map, key) })}
      onAskPlace={nothing}
      onFinish={nothing}
      onLater={nothing}
      onDrop={nothing}
    />
  );
}

const KEPT: Kept = { state: "kept", at: "2026-06-16T02:42:00.000Z" };

export const EDITS: readonly Entry[] = [
  {
    name: "edit-customer",
    Sample: () => <Sample type="customer" mode="edit" before={CUSTOMER} />,
  },
  {
    name: "edit-draft",
    Sample: () => (
      <Sample
        type="customer"
        mode="edit"
        before={CUSTOMER}
        typed={{
          phone: "13800004471",
          annual_income_fen: 3_900_000,
          [`assets.${ASSET}.label`]: null,
          [`assets.${ASSET}.kind`]: null,
          [`assets.${ASSET}.value_fen`]: null,
        }}
        kept={KEPT}
        meanwhile={{
          en: [
            { path: "phone", value: "13900002250", who: "陈静", when: "yesterday 17:20" },
            {
              path: "preferences",
              value: "晚上在家。周末去县城。",
              who: "陈静",
              when: "yesterday 17:20",
            },
          ],
          zh: [
            { path: "phone", value: "13900002250", who: "陈静", when: "昨天 17:20" },
            {
              path: "preferences",
              value: "晚上在家。周末去县城。",
              who: "陈静",
              when: "昨天 17:20",
            },
          ],
        }}
      />
    ),
  },
  {
    name: "edit-error",
    Sample: () => (
      <Sample
        type="customer"
        mode="create"
        typed={{ name: "刘秀英", annual_income_fen: "about 40,000", id_no: "99990119780512001" }}
        kept={KEPT}
        attempt={1}
        faults={{
          en: [
            { path: "id_no", message: "Id number: 18 characters, as printed on the id card" },
            { path: "phone", message: "Enter the phone" },
            { path: "village_id", message: "Choose the village" },
            { path: "segment", message: "Choose the segment" },
            {
              path: "annual_income_fen",
              message: "Yearly income: write it in yuan, such as 4600.00",
            },
          ],
          zh: [
            { path: "id_no", message: "身份证号：18 位，与身份证上一致" },
            { path: "phone", message: "请填写电话" },
            { path: "village_id", message: "请选择行政村" },
            { path: "segment", message: "请选择客户类别" },
            { path: "annual_income_fen", message: "家庭年收入：请以元为单位填写，如 4600.00" },
          ],
        }}
      />
    ),
  },
  {
    name: "edit-member",
    Sample: () => (
      <Sample type="household_member" mode="create" typed={{ name: "王强" }} kept={KEPT} />
    ),
  },
  {
    name: "edit-task-full-disk",
    Sample: () => (
      <Sample
        type="task"
        mode="edit"
        before={{ title: "补拍猪圈照片", due_on: "2026-06-25", source: "manual", state: "open" }}
        typed={{ state: "done", done_note: "照片已补。" }}
        kept={{ state: "failed", full: true }}
      />
    ),
  },
  {
    name: "edit-product-lists",
    Sample: () => (
      <Sample
        type="checklist"
        mode="create"
        as="admin"
        typed={{ questions: [{ qid: "R01", required: true }] }}
      />
    ),
  },
  {
    name: "edit-not-mine",
    Sample: () => (
      <Sample
        type="loan"
        mode="edit"
        before={{
          loan_no: "JJ202600001",
          principal_fen: 3_000_000,
          rate_bps: 840,
          disbursed_on: "2026-01-15",
          state: "active",
        }}
      />
    ),
  },
];
