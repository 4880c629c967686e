// The screens on which work is done, as one piece: where one is used offline, all are there.

export { PhotoGrid } from "../components/PhotoGrid.tsx";
export { photoSource } from "../shell/photos.ts";
export { sendFilesOver } from "../sync/uploads.ts";
export { guardSet } from "../work/guards.ts";
export { idCardEnds, tooMuchCash, unheardOf } from "../work/in_the_field.ts";
export { rhythmOf } from "../work/tier.ts";
export { troublesOfCustomer } from "../work/troubles.ts";
export { outlivedOf, warningsOf } from "../work/warnings.ts";
export { ConflictScreen } from "./conflict/screen.tsx";
export { IdCardLine } from "./customer/IdCard.tsx";
export { CustomerScreen } from "./customer/screen.tsx";
export { TierLine } from "./customer/Tier.tsx";
export { TroubleList } from "./customer/Troubles.tsx";
export { CustomerPane } from "./customer/view.tsx";
export { WarningList } from "./customer/Warnings.tsx";
export { EditScreen, MendScreen } from "./edit/screen.tsx";
export { HandoverScreen } from "./handover/screen.tsx";
export { NewScreen } from "./new/screen.tsx";
export { TakeBackView } from "./notice/take_back.tsx";
export { ReceiptScreen } from "./receipt/screen.tsx";
export { RecordScreen } from "./record/screen.tsx";
export { RepaymentScreen } from "./repayment/screen.tsx";
export { SettingsScreen } from "./settings/screen.tsx";
export { SyncScreen } from "./sync/screen.tsx";
export { VisitScreen } from "./visit/screen.tsx";
