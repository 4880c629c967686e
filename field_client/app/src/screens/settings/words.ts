import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "me.title": { en: "Me", zh: "我的" },
  "me.lock": { en: "Lock now", zh: "立即锁定" },

  "tablet.title": { en: "This tablet", zh: "本机" },
  "tablet.name": { en: "Name", zh: "名称" },
  "tablet.code": { en: "Code on receipts", zh: "收据代码" },
  "tablet.no_code": { en: "Comes with the next sync", zh: "同步后获得" },
  "tablet.clock": { en: "Clock", zh: "时钟" },
  "tablet.clock_right": { en: "As the branch's", zh: "与支行一致" },
  "tablet.clock_ahead": { en: "{span} ahead of the branch", zh: "比支行快 {span}" },
  "tablet.clock_behind": { en: "{span} behind the branch", zh: "比支行慢 {span}" },
  "tablet.clock_next": {
    en: "Nothing is lost. Set the tablet's clock when you can.",
    zh: "数据不会丢失，请方便时校准本机时间。",
  },

  "look.title": { en: "Look and language", zh: "显示与语言" },
  "look.lang": { en: "Language", zh: "语言" },
  "look.theme": { en: "Brightness", zh: "亮度" },
  "look.light": { en: "Light, for the sun", zh: "浅色（日光）" },
  "look.dark": { en: "Dark", zh: "深色" },

  "safe.title": { en: "Your data on this tablet", zh: "本机数据" },
  "safe.kept": { en: "The browser keeps the data", zh: "浏览器将保留数据" },
  "safe.kept_next": {
    en: "It has promised not to clear them when space gets short.",
    zh: "空间不足时也不会清除。",
  },
  "safe.asking": { en: "Asking the browser to keep the data", zh: "正在请求浏览器保留数据" },
  "safe.may_clear": { en: "The browser may clear the data", zh: "浏览器可能清除数据" },
  "safe.may_clear_next": {
    en: "When space gets short. Install the app on the home screen and sync often.",
    zh: "空间不足时可能发生。请将应用添加到主屏幕，并经常同步。",
  },
  "safe.ask": { en: "Ask again", zh: "再次请求" },
  "safe.used": { en: "Space used", zh: "已用空间" },
  "safe.used_of": { en: "{used} of {room}", zh: "{used} / {room}" },
  "safe.copy": { en: "Second copy of unsent work", zh: "未发送内容的第二份副本" },
  "safe.copy_written": { en: "Written", zh: "已写入" },
  "safe.copy_failed": { en: "Could not be written", zh: "无法写入" },
  "safe.copy_none": { en: "Not possible in this browser", zh: "此浏览器不支持" },
  "safe.copy_next": {
    en: "Sync soon, or save a rescue file.",
    zh: "请尽快同步，或保存应急文件。",
  },
  "safe.rescue": { en: "Save a rescue file", zh: "保存应急文件" },
  "safe.courier": { en: "Save a courier file", zh: "保存代送文件" },
  "safe.courier_next": {
    en: "For a colleague with a network to deliver. Nobody on the way can read or change it; the answers come with your next sync.",
    zh: "可交给有网络的同事代为送交，途中无人能查看或修改；结果在您下次同步时返回。",
  },
  "safe.rescue_next": {
    en: "What is not sent yet, sealed: only the branch can open it. Bring it there if the tablet cannot sync.",
    zh: "包含尚未发送的内容，已密封，只有支行能打开。如本机无法同步，请带到支行。",
  },

  "pin.title": { en: "PIN", zh: "PIN 码" },
  "pin.change": { en: "Change PIN", zh: "修改 PIN 码" },
  "pin.old": { en: "Current PIN", zh: "当前 PIN 码" },
  "pin.need_old": { en: "Enter your current PIN", zh: "请输入当前 PIN 码" },
  "pin.missed": {
    en: "That is not your PIN. {n} {n|try|tries} left.",
    zh: "PIN 码不正确，还可尝试 {n} 次。",
  },
  "pin.save": { en: "Set the new PIN", zh: "设置新 PIN 码" },
  "pin.busy": { en: "Locking up", zh: "正在加密" },
  "pin.cancel": { en: "Leave it as it is", zh: "不修改" },
  "pin.done": { en: "The new PIN is set", zh: "新 PIN 码已设置" },

  "app.title": { en: "App", zh: "应用" },
  "app.version": { en: "Version", zh: "版本" },
  "app.newest": { en: "Up to date, as far as this tablet knows", zh: "就本机所知，已是最新" },
  "app.update": { en: "A new version is ready", zh: "新版本已就绪" },
  "app.update_next": {
    en: "It takes a moment and needs no network. Your data stay.",
    zh: "只需片刻，无需网络，数据会保留。",
  },
  "app.update_blocked": {
    en: "Finish or keep the form that is open first.",
    zh: "请先完成或保存正在填写的表单。",
  },
  "app.update_now": { en: "Update now", zh: "立即更新" },

  "incidents.digest": {
    en: "This tablet’s copy differed from the branch’s and was fetched anew. Nothing was lost.",
    zh: "本机数据与支行不一致，已重新获取，数据没有丢失。",
  },
  "incidents.title": { en: "Put right by itself", zh: "已自动修复" },

  "leave.title": { en: "Sign out", zh: "退出登录" },
  "leave.why": {
    en: "Once everything is sent, your customers are removed from this tablet. Signing in again needs a network.",
    zh: "内容全部发送后，您的客户将从本机移除。再次登录需要网络。",
  },
  "leave.ask": { en: "Sign out of this tablet?", zh: "退出本机登录？" },
  "leave.unsent": {
    en: "{n} {n|change has|changes have} not reached the branch",
    zh: "有 {n} 条修改尚未发送到支行",
  },
  "leave.unsent_next": {
    en: "Send {n|it|them} first. Otherwise {n|it stays|they stay} on this tablet, locked with your PIN.",
    zh: "请先发送；否则会留在本机，由 PIN 码加密。",
  },
  "leave.drafts": {
    en: "{n} {n|draft is|drafts are} not finished and {n|stays|stay} here, locked with your PIN",
    zh: "有 {n} 份草稿未完成，将留在本机，由 PIN 码加密",
  },
  "leave.send": { en: "Send first", zh: "先去发送" },
  "leave.go": { en: "Sign out", zh: "退出登录" },
  "leave.go_anyway": { en: "Sign out all the same", zh: "仍然退出" },
  "leave.stay": { en: "Stay", zh: "留下" },

  "figures.title": { en: "This month", zh: "本月指标" },
  "figures.why": {
    en: "Counted from what is on this tablet; it takes a few seconds.",
    zh: "按本机资料计算，需要几秒钟。",
  },
  "figures.show": { en: "Show my figures", zh: "查看我的指标" },
  "figures.indicator": { en: "Indicator", zh: "指标" },
  "figures.here": { en: "This tablet", zh: "本机" },
  "figures.accepted": { en: "Accepted", zh: "网点已接受" },
  "figures.target": { en: "Target", zh: "目标" },
  "figures.hours": { en: "{n} h", zh: "{n} 小时" },
} as const satisfies Words;
