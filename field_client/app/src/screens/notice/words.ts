import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  starting: { en: "Opening", zh: "正在打开" },
  "unsupported.title": {
    en: "This browser cannot keep your work safe",
    zh: "此浏览器无法安全保存数据",
  },
  "unsupported.what": {
    en: "Open this address in an up-to-date Chrome or Edge, not in a private window.",
    zh: "请用最新版 Chrome 或 Edge 打开此地址，不要使用无痕窗口。",
  },
  "full.title": { en: "There is no room on this tablet", zh: "本机存储空间已满" },
  "full.what": {
    en: "Free some space, then open this page again. What was saved is still here.",
    zh: "请清理空间后重新打开此页。已保存的内容仍在。",
  },
  "damaged.title": { en: "The data on this tablet is damaged", zh: "本机数据已损坏" },
  "damaged.what": {
    en: "What was not sent is also in the sealed second copy. Sign in anew where there is a network; with a code from your supervisor your work comes back.",
    zh: "未发送的内容另有一份密封副本。请在有网络时重新登录，凭主管给的恢复码可取回您的内容。",
  },
  "damaged.wholly": {
    en: "The browser cannot open it any more. Save the sealed copy of your work as a file and give it to your supervisor, before this site’s data is cleared.",
    zh: "浏览器已无法打开数据。请先将您内容的密封副本存为文件交给主管，之后才可清除本站数据。",
  },
  "damaged.do": { en: "Sign in anew", zh: "重新登录" },
  "damaged.save": { en: "Save the sealed copy as a file", zh: "将密封副本存为文件" },
  "wiped.title": { en: "This tablet was wiped by your supervisor", zh: "主管已清除本机数据" },
  "wiped.what": { en: "Ask your supervisor for another one.", zh: "请向主管领取另一台平板。" },
  "update.title": { en: "A new version is ready", zh: "新版本已就绪" },
  "update.what": { en: "Nothing you have entered is touched.", zh: "已填写的内容不受影响。" },
  "update.do": { en: "Use it now", zh: "立即启用" },
  "orphan.title": {
    en: "Work from before can be taken back",
    zh: "可取回之前未发送的内容",
  },
  "orphan.what": {
    en: "A sealed copy of unsent work is on this tablet. Your supervisor’s code opens it.",
    zh: "本机有一份未发送内容的密封副本，凭主管给的恢复码可以打开。",
  },
  "orphan.code": { en: "Code from your supervisor", zh: "主管给的恢复码" },
  "orphan.do": { en: "Take it back", zh: "取回" },
  "orphan.busy": { en: "Taking it back", zh: "正在取回" },
  "orphan.done": {
    en: "{n} {n|change|changes} taken back; they are sent again.",
    zh: "已取回 {n} 条，将重新发送。",
  },
  "orphan.fault": {
    en: "The code does not fit, or there is no network. Nothing is lost; try again.",
    zh: "恢复码不符或没有网络。数据不会丢失，请重试。",
  },
} as const satisfies Words;
