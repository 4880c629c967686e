import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "signin.title": { en: "Sign in", zh: "登录" },
  "signin.app": { en: "Xiangxin · {server}", zh: "乡信 · {server}" },
  "signin.once": {
    en: "Once, with a network. After that the tablet works without one.",
    zh: "首次登录需要网络，之后可离线使用。",
  },
  "signin.again": {
    en: "Your sign-in has ended. What waits stays on this tablet until you sign in again.",
    zh: "登录已失效。重新登录前，待发送内容会保留在本机。",
  },
  "signin.later": { en: "Not now", zh: "稍后登录" },
  "signin.username": { en: "Username", zh: "用户名" },
  "signin.password": { en: "Password", zh: "密码" },
  "signin.device": { en: "Name of this tablet", zh: "本机名称" },
  "signin.device_hint": { en: "The branch sees it", zh: "支行可见" },
  "signin.next": { en: "Sign in", zh: "登录" },
  "signin.busy": { en: "Signing in", zh: "正在登录" },
  "signin.here": { en: "On this tablet", zh: "本机已有用户" },
  "signin.new": { en: "Somebody new", zh: "新用户" },
  "signin.open": { en: "Unlock with PIN", zh: "用 PIN 码解锁" },

  "need.username": { en: "Enter your username", zh: "请输入用户名" },
  "need.password": { en: "Enter your password", zh: "请输入密码" },
  "need.pin": { en: "Choose a PIN of at least {n} digits", zh: "请设置至少 {n} 位数字的 PIN 码" },
  "need.easy": { en: "Choose a PIN that is harder to guess", zh: "请设置不易猜到的 PIN 码" },
  "need.same": { en: "Enter the same PIN twice", zh: "两次输入的 PIN 码须相同" },
  "need.code": { en: "Enter your supervisor's code", zh: "请输入主管给的恢复码" },

  "fault.password": {
    en: "Username and password do not match. Check both and try again.",
    zh: "用户名与密码不匹配，请检查后重试。",
  },
  "fault.offline": {
    en: "No network. Signing in needs one; try again where there is a signal.",
    zh: "没有网络。登录需要网络，请在有信号处重试。",
  },
  "fault.other_user": {
    en: "This tablet belongs to {name}. Use your own, or ask the branch to move it to you.",
    zh: "本机属于{name}。请使用您自己的平板，或请支行办理变更。",
  },
  "fault.not_field": {
    en: "This account does no field work. Please use the branch's pages.",
    zh: "此账号无外勤权限，请使用网点页面。",
  },
  "fault.device_locked": {
    en: "The branch has locked this tablet. Please call your supervisor.",
    zh: "支行已锁定本机，请联系主管。",
  },
  "fault.wiped": {
    en: "The branch has had your store on this tablet wiped. What it had sent is safe. Please call your supervisor.",
    zh: "支行已清除您在本机的数据，已发送的内容不受影响。请联系主管。",
  },
  "fault.wait": { en: "Please wait {n} s and try again.", zh: "请等待 {n} 秒后重试。" },
  "fault.code": {
    en: "That code does not open this tablet. Ask your supervisor for a new one.",
    zh: "恢复码无法打开本机，请向主管索取新的恢复码。",
  },
  "fault.storage": {
    en: "There is no room on this tablet. Free some space and try again.",
    zh: "本机存储空间不足，请清理后重试。",
  },
  "fault.server": {
    en: "The branch's server did not answer as expected. Nothing is lost; try again in a while.",
    zh: "支行服务器未正常应答，数据不会丢失，请稍后重试。",
  },

  "pin.title": { en: "Choose your PIN", zh: "设置 PIN 码" },
  "pin.why": {
    en: "It locks everything on this tablet, also without a network. Nobody at the branch can see it.",
    zh: "PIN 码用于加密本机全部数据，离线时也有效，支行无法查看。",
  },
  "pin.first": { en: "PIN, at least {n} digits", zh: "PIN 码，至少 {n} 位数字" },
  "pin.again": { en: "The same PIN again", zh: "再次输入 PIN 码" },
  "pin.set": { en: "Set PIN", zh: "设置 PIN 码" },
  "pin.busy": { en: "Locking up", zh: "正在加密" },

  "download.title": { en: "Getting your customers", zh: "正在下载客户" },
  "download.so_far": { en: "{n} {n|customer|customers} so far", zh: "已下载 {n} 位客户" },
  "download.records": { en: "{n} records", zh: "{n} 条记录" },
  "download.leave": {
    en: "You can lock the screen; it goes on where it stopped.",
    zh: "可锁屏，中断后会从中断处继续。",
  },
  "download.paused": {
    en: "The network is gone. It goes on by itself where it stopped.",
    zh: "网络中断，恢复后会从中断处自动继续。",
  },
  "download.start": { en: "Start with what is here", zh: "先用已下载的数据" },

  "forgot.title": { en: "A new PIN", zh: "重设 PIN 码" },
  "forgot.why": {
    en: "Your supervisor can open this tablet for you: ask for a code. Unsent work stays.",
    zh: "请向主管索取恢复码，由其为您打开本机。未发送的内容会保留。",
  },
  "forgot.code": { en: "Supervisor's code", zh: "主管给的恢复码" },
  "forgot.set": { en: "Set the new PIN", zh: "设置新 PIN 码" },
  "forgot.back": { en: "Back to the lock", zh: "返回解锁" },
} as const satisfies Words;
