import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "sync.title": { en: "Sync", zh: "同步" },
  "sync.offline": { en: "Offline, nothing is lost", zh: "离线，数据不会丢失" },
  "sync.unreached": {
    en: "The branch cannot be reached, nothing is lost",
    zh: "暂时无法连接支行，数据不会丢失",
  },
  "sync.sending": { en: "Sending {done} of {all}", zh: "正在发送 {done}/{all}" },
  "sync.receiving": { en: "Getting what is new", zh: "正在获取更新" },
  "sync.bytes": { en: "{done} of {all}", zh: "{done} / {all}" },
  "sync.leave": {
    en: "You can go on working or lock the screen; it goes on where it stopped.",
    zh: "可继续工作或锁屏，中断后会继续。",
  },
  "sync.waiting": { en: "{n} {n|change|changes} waiting", zh: "{n} 条待发送" },
  "sync.waiting.what": {
    en: "{n} {n|change is|changes are} safe on this tablet.",
    zh: "{n} 条修改已安全存在本机。",
  },
  "sync.none.what": {
    en: "Everything is with the branch. What you enter is kept here until there is a network.",
    zh: "所有内容均已送达支行。新填写的内容会先存在本机，有网络时发送。",
  },
  "sync.all": { en: "All synced", zh: "已全部同步" },
  "sync.all.what": {
    en: "The branch has everything, and you have everything of the branch’s.",
    zh: "支行已收到全部内容，本机数据也是最新的。",
  },
  "sync.behind": { en: "Not everything of the branch is here yet", zh: "支行数据尚未全部到达" },
  "sync.behind.what": {
    en: "The last sync was cut short. Try again; it goes on where it stopped.",
    zh: "上次同步中断，请重试，会从中断处继续。",
  },
  "sync.sent_up_to": { en: "Sent up to", zh: "已发送至" },
  "sync.data_as_of": { en: "Branch data as of", zh: "支行数据截至" },
  "sync.never": { en: "Not yet", zh: "尚未" },
  "sync.try": { en: "Try now", zh: "立即同步" },
  "sync.try.bytes": { en: "Try now · {size}", zh: "立即同步 · {size}" },
  "sync.trying": { en: "Syncing", zh: "正在同步" },

  "old.hours": { en: "Not synced for {span}", zh: "已 {span}未同步" },
  "old.what": {
    en: "Sync when you can, so that the branch sees today’s collections.",
    zh: "方便时请同步，以便支行看到今日收款。",
  },
  "old.days.what": {
    en: "You can go on working. Your supervisor is told that nothing has come from this tablet.",
    zh: "可继续工作；主管会收到本机多日未上报的提示。",
  },

  "notice.clock.ahead": { en: "This tablet’s clock is {span} ahead", zh: "本机时钟快了 {span}" },
  "notice.clock.behind": { en: "This tablet’s clock is {span} behind", zh: "本机时钟慢了 {span}" },
  "notice.clock.what": {
    en: "Nothing is lost, and the branch puts the times right. Set the clock when you can.",
    zh: "数据不会丢失，时间由支行校正。方便时请校准时钟。",
  },
  "notice.sign_in": { en: "Sign in again to sync", zh: "请重新登录后同步" },
  "notice.sign_in.what": {
    en: "What waits stays on this tablet until then.",
    zh: "待发送内容会保留在本机。",
  },
  "notice.sign_in.do": { en: "Sign in", zh: "登录" },
  "notice.update": { en: "An update is needed to sync", zh: "需更新后才能同步" },
  "notice.update.what": {
    en: "What waits stays on this tablet. Close the app and open it again where there is a network.",
    zh: "待发送内容会保留在本机。请在有网络时关闭并重新打开本应用。",
  },
  "notice.locked": { en: "The branch has locked this tablet", zh: "支行已锁定本机" },
  "notice.locked.what": {
    en: "Your work is kept here and at the branch. Call your supervisor; once it is unlocked, send it again below.",
    zh: "您的内容已在本机和支行保存。请联系主管；解锁后可在下方重新发送。",
  },
  "notice.full": { en: "The tablet’s memory is full", zh: "平板存储空间已满" },
  "notice.full.what": {
    en: "New work cannot be saved until there is room again. Sync first, then remove other apps’ files.",
    zh: "腾出空间前无法保存新内容。请先同步，再清理其他应用的文件。",
  },

  attention: { en: "Needs attention", zh: "需要您处理" },
  "attention.two": { en: "two versions", zh: "两个版本" },
  "attention.choose": { en: "Choose versions", zh: "选择版本" },
  "attention.see": { en: "See both versions", zh: "查看两个版本" },
  "attention.third": {
    en: "You wrote one side of a sensitive field, so somebody else decides.",
    zh: "敏感项中有一个值由您填写，须由他人决定。",
  },
  "attention.gone": {
    en: "The branch is settling this. It can no longer be seen on this tablet.",
    zh: "支行正在处理此项，本机已无法查看。",
  },
  "attention.seen": { en: "I have seen it", zh: "已知晓" },
  "attention.not_accepted": { en: "Not accepted: {reason}", zh: "未被接受：{reason}" },
  "attention.kept": { en: "Your text is kept.", zh: "内容已保留。" },
  "attention.again": { en: "Send it again", zh: "重新发送" },
  "attention.mend": { en: "Put it right", zh: "更正" },
  "attention.discard": { en: "Give it up", zh: "放弃" },
  "attention.discard.sure": {
    en: "It is not sent again. The branch keeps a copy.",
    zh: "放弃后不再发送，支行会保留副本。",
  },
  "attention.discard.yes": { en: "Yes, give it up", zh: "确认放弃" },
  "attention.discard.no": { en: "Keep it", zh: "保留" },
  "attention.returned": { en: "{who} returned it: {comment}", zh: "{who}退回：{comment}" },
  "attention.supervisor": { en: "The supervisor", zh: "主管" },
  "attention.returned.plain": { en: "{who} returned it.", zh: "{who}已退回。" },
  "attention.open": { en: "Open it", zh: "打开" },

  "file.what": { en: "photo not received", zh: "照片未送达" },
  "file.taken": { en: "Taken {when}.", zh: "拍摄于 {when}。" },
  "file.changed": {
    en: "What arrived at the branch was not the same file. Send it again; if that fails, take the photo anew on your next visit.",
    zh: "支行收到的文件与原件不符。请重新发送；仍失败时，请在下次走访时重拍。",
  },
  "file.lost": {
    en: "This tablet can no longer read it. Take the photo anew on your next visit.",
    zh: "本机已无法读取该文件，请在下次走访时重拍。",
  },
  "file.unfit": {
    en: "The branch does not take a file of this kind or size. Take the photo anew on your next visit.",
    zh: "支行不接收此类型或大小的文件，请在下次走访时重拍。",
  },
  "file.sure": {
    en: "The photo is removed from this tablet. The branch sees that it did not come.",
    zh: "照片将从本机删除，支行会看到该照片未送达。",
  },

  drafts: { en: "Being filled in", zh: "正在填写" },
  ready: { en: "Ready to send", zh: "待发送" },
  "ready.n": { en: "{n} {n|change|changes}", zh: "{n} 条" },
  sent: { en: "Sent, no answer yet", zh: "已发送，尚无回复" },
  "sent.what": { en: "no answer yet", zh: "尚未收到回复" },
  "sent.held": { en: "the branch is working on it", zh: "支行正在处理" },
  merged: { en: "Merged by itself", zh: "已自动合并" },
  accepted: { en: "Accepted today", zh: "今天已接受" },
  "accepted.n": { en: "{n} {n|change|changes} accepted", zh: "{n} 条修改已接受" },
  "accepted.span": { en: "{from} to {to}", zh: "{from} 至 {to}" },
  "set.resolve": { en: "Versions chosen", zh: "已选择版本" },
  "merged.what": {
    en: "You changed: {fields}. What others wrote is kept too.",
    zh: "您修改了：{fields}。他人的修改也已保留。",
  },
  "merged.plain": {
    en: "Your work and what others wrote are both kept.",
    zh: "您的修改和他人的修改均已保留。",
  },
  "attention.changed": {
    en: "{fields}: also changed by {who}, {when}",
    zh: "{fields}：{who}（{when}）也作了修改",
  },
  row: { en: "{who}: {what}", zh: "{who}：{what}" },
} as const satisfies Words;
