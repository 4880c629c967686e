import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "form.needed": { en: "needed", zh: "必填" },
  "form.last": { en: "Now: {value}", zh: "现值：{value}" },
  "form.yes": { en: "Yes", zh: "是" },
  "form.no": { en: "No", zh: "否" },
  "form.choose": { en: "Choose", zh: "请选择" },
  "form.clear": { en: "Clear", zh: "清除" },
  "form.add": { en: "Add", zh: "添加" },
  "form.another": { en: "Add another", zh: "添加其他" },
  "form.remove": { en: "Take out {name}", zh: "移除 {name}" },
  "form.removed": { en: "{name} is taken out", zh: "已移除 {name}" },
  "form.put_back": { en: "Put back", zh: "恢复" },
  "form.entry": { en: "Entry {n}", zh: "第 {n} 项" },
  "form.not_set": { en: "not filled in", zh: "未填写" },
  "form.other_record": { en: "another record", zh: "另一条记录" },
  "form.sensitive": {
    en: "If two people write here, a third decides",
    zh: "若两人填写不同，由第三人决定",
  },
  "form.missing": {
    en: "{n} {n|thing is|things are} missing",
    zh: "还差 {n} 项",
  },
  "form.to_mend": {
    en: "{n} {n|thing needs|things need} another look",
    zh: "有 {n} 处需要修改",
  },
  "saved.at": { en: "Saved on this tablet {time}", zh: "{time} 已存本机" },
  "saved.full": {
    en: "Not saved: the tablet’s memory is full",
    zh: "未保存：平板存储空间已满",
  },
  "saved.full.what": {
    en: "Keep this page open. What you typed stays here; free some space and it is saved by itself.",
    zh: "请勿关闭此页，已填内容仍在页面上；清理空间后会自动保存。",
  },
  "saved.failed": { en: "Not saved on this tablet yet", zh: "尚未存入本机" },
  "saved.failed.what": {
    en: "Keep this page open. The tablet tries again with every letter you type.",
    zh: "请勿关闭此页，每次输入时平板都会再次尝试保存。",
  },
  "place.title": { en: "Place", zh: "位置" },
  "place.take": { en: "Take the place", zh: "获取定位" },
  "place.again": { en: "Take it again", zh: "重新定位" },
  "place.asking": {
    en: "Looking for the satellites. Go on meanwhile.",
    zh: "正在定位，可先填写其他内容。",
  },
  "place.had": { en: "Place taken, ±{acc} m", zh: "已定位，精度 ±{acc} 米" },
  "place.far": {
    en: "{far} from the saved home, ±{acc} m",
    zh: "距登记住处 {far}，精度 ±{acc} 米",
  },
  "place.denied": {
    en: "This tablet does not give the app its place. Say why below, or allow it in the tablet’s settings.",
    zh: "平板未允许定位。请在下方说明原因，或在系统设置中允许。",
  },
  "place.none": {
    en: "No place could be found here. Try again outdoors, or say why below.",
    zh: "此处无法定位。请到室外重试，或在下方说明原因。",
  },
  "unit.yuan": { en: "yuan", zh: "元" },
  "unit.percent": { en: "% a year", zh: "% / 年" },
  "unit.mu": { en: "mu", zh: "亩" },
  "unit.degrees": { en: "degrees", zh: "度" },
  "unit.metres": { en: "m", zh: "米" },
  "unit.years": { en: "years", zh: "年" },
} as const satisfies Words;
