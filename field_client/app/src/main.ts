document.title = "乡信 Xiangxin";
