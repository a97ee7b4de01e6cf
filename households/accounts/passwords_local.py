"""Words that people here put into passwords, for the estimate of how soon one is guessed. Pure."""

OWN_WORDS = (
    *(
        "dongkou",
        "dongkouxian",
        "liuling",
        "liulingban",
        "liulingjifen",
        "430525",
        "422300",
        "0739",
        "shaoyang",
        "hunan",
    ),
    *("xinfang", "xinfangju", "guanliyuan", "shenji", "shenjiyuan", "anquan", "cunganbu", "zuzhang", "jiandu", "bumen"),
    *("xiangzhen", "jifen", "cunwei", "zhibu", "shuji", "zhuren", "xiangcun", "nongcun", "shijiang", "yunfeng"),
    *("zhongguo", "china", "woaini", "woaizhongguo", "shengri", "mima", "zhanghao", "denglu", "admin", "administrator"),
    *("gongchandang", "renmin", "fuwu", "weirenminfuwu", "wangwei", "zhangwei", "liwei", "wangfang", "5201314", "1314"),
)
