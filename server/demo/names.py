"""Common surnames and given names, with their romanised form; nobody is meant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A part of a name, in characters and in Latin letters."""

    zh: str
    latin: str


def _words(text: str) -> tuple[Word, ...]:
    return tuple(Word(*it.split("/")) for it in text.split())


SURNAMES = _words(
    "王/Wang 李/Li 张/Zhang 刘/Liu 陈/Chen 杨/Yang 黄/Huang 赵/Zhao 吴/Wu 周/Zhou 徐/Xu 孙/Sun 马/Ma"
    " 朱/Zhu 胡/Hu 郭/Guo 何/He 高/Gao 林/Lin 罗/Luo 郑/Zheng 梁/Liang 谢/Xie 宋/Song 唐/Tang 许/Xu"
    " 韩/Han 冯/Feng 邓/Deng 曹/Cao 彭/Peng 曾/Zeng 肖/Xiao 田/Tian 董/Dong 袁/Yuan 潘/Pan 于/Yu"
    " 蒋/Jiang 蔡/Cai 余/Yu 杜/Du 叶/Ye 程/Cheng 苏/Su 魏/Wei 吕/Lü 丁/Ding 任/Ren 沈/Shen"
)
MEN = _words(
    "国平/Guoping 大明/Daming 长生/Changsheng 福海/Fuhai 水根/Shuigen 建军/Jianjun 志强/Zhiqiang"
    " 文斌/Wenbin 德华/Dehua 保国/Baoguo 永福/Yongfu 家旺/Jiawang 春生/Chunsheng 秋生/Qiusheng"
    " 金贵/Jingui 有田/Youtian 明亮/Mingliang 光荣/Guangrong 海涛/Haitao 立新/Lixin 先进/Xianjin"
    " 绍华/Shaohua 世安/Shian 天才/Tiancai 正清/Zhengqing 万福/Wanfu 少华/Shaohua 新民/Xinmin"
    " 友谊/Youyi 云生/Yunsheng 泽林/Zelin 中华/Zhonghua 祖德/Zude 宏伟/Hongwei 开国/Kaiguo"
    " 乐平/Leping 茂林/Maolin 启发/Qifa 荣华/Ronghua 胜利/Shengli"
)
WOMEN = _words(
    "玉兰/Yulan 春花/Chunhua 桂英/Guiying 秀珍/Xiuzhen 凤英/Fengying 桂香/Guixiang 菊花/Juhua"
    " 红梅/Hongmei 金莲/Jinlian 腊梅/Lamei 翠萍/Cuiping 冬梅/Dongmei 芳兰/Fanglan 桂花/Guihua"
    " 海燕/Haiyan 惠珍/Huizhen 建芬/Jianfen 丽华/Lihua 美玲/Meiling 巧云/Qiaoyun 秋菊/Qiuju"
    " 淑芬/Shufen 素珍/Suzhen 细妹/Ximei 晓燕/Xiaoyan 雪梅/Xuemei 银花/Yinhua 玉珍/Yuzhen"
    " 月娥/Yuee 云香/Yunxiang 芝兰/Zhilan 珍珠/Zhenzhu 彩霞/Caixia 爱莲/Ailian 宝珍/Baozhen"
)
CHILDREN = _words(
    "浩然/Haoran 子涵/Zihan 思远/Siyuan 佳怡/Jiayi 宇航/Yuhang 雨欣/Yuxin 俊杰/Junjie 梦瑶/Mengyao"
    " 文博/Wenbo 静怡/Jingyi 天宇/Tianyu 欣然/Xinran 嘉豪/Jiahao 诗琪/Shiqi 志远/Zhiyuan 小雨/Xiaoyu"
)
