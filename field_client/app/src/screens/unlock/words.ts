import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "hello.morning": { en: "Good morning, {name}", zh: "{name}，早上好" },
  "hello.afternoon": { en: "Good afternoon, {name}", zh: "{name}，下午好" },
  "hello.evening": { en: "Good evening, {name}", zh: "{name}，晚上好" },
  "unlock.this": { en: "{branch} · this tablet", zh: "{branch} · 本机" },
  "unlock.tablet": { en: "This tablet", zh: "本机" },
  "unlock.pin": { en: "Enter your PIN", zh: "请输入 PIN 码" },
  "unlock.works_left": {
    en: "Works without a network. {n} {n|try|tries} left.",
    zh: "无需网络，还可尝试 {n} 次。",
  },
  "unlock.missed": {
    en: "That is not your PIN. {n} {n|try|tries} left.",
    zh: "PIN 码不正确，还可尝试 {n} 次。",
  },
  "unlock.wait": { en: "Try again in {time}", zh: "请在 {time} 后重试" },
  "unlock.last": {
    en: "After the last try the key on this tablet is destroyed. Ask your supervisor if you are not sure.",
    zh: "最后一次仍不正确，本机密钥将被销毁。如不确定，请先联系主管。",
  },
  "unlock.full": {
    en: "There is no room on this tablet, so it cannot be unlocked. Free some space and try again.",
    zh: "本机存储空间不足，暂时无法解锁。请清理空间后重试。",
  },
  "unlock.open": { en: "Unlock", zh: "解锁" },
  "unlock.opening": { en: "Opening your data", zh: "正在打开数据" },
  "unlock.forgot": { en: "Forgot?", zh: "忘记？" },
  "unlock.other": { en: "Somebody else", zh: "其他用户" },
  "unlock.locked": {
    en: "{n} {n|change|changes} waiting {n|is|are} locked with your PIN",
    zh: "{n} 条待发送记录已由 PIN 码加密",
  },
  "unlock.all_locked": {
    en: "Everything here is locked with your PIN",
    zh: "本机数据已由 PIN 码加密",
  },
  "gone.title": { en: "The key on this tablet is destroyed", zh: "本机密钥已销毁" },
  "gone.why": {
    en: "There were too many PINs that did not fit. Your customers are safe at the branch.",
    zh: "PIN 码多次不正确。您的客户资料在支行，不会丢失。",
  },
  "gone.work": {
    en: "{n} {n|change was|changes were} not sent yet. {n|It is|They are} sealed: your supervisor can open {n|it|them}, nobody else.",
    zh: "有 {n} 条记录尚未发送，已密封保存，只有主管可以打开。",
  },
  "gone.how": {
    en: "Sign in with your password and a code from your supervisor, and choose a new PIN. It needs a network.",
    zh: "请联网，用密码和主管给的恢复码登录，并设置新的 PIN 码。",
  },
  "gone.recover": { en: "Recover with a code", zh: "用恢复码恢复" },
  "gone.save": { en: "Save the sealed work as a file", zh: "将密封内容存为文件" },
  "elsewhere.title": { en: "Open in another window", zh: "已在另一窗口打开" },
  "elsewhere.why": {
    en: "One window at a time works with this tablet's data. What is typed there is kept as a draft.",
    zh: "同一时间只能有一个窗口使用本机数据。另一窗口中填写的内容会保留为草稿。",
  },
  "elsewhere.here": { en: "Use here", zh: "在此使用" },
} as const satisfies Words;
