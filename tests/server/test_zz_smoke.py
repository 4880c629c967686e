from tests.server.branch import *
from tests.server.conftest import *
from tests.server.workday import *
import json as j
@pytest.mark.parametrize("n",[12,24,60])
def test_day(one_server, n):
    server=one_server
    cs=grow(server,"li.wei",n)
    li=server.tablet("li.wei").catch_up()
    other=server.tablet("li.wei").catch_up()
    li.catch_up()
    d=work_a_day(li, other, cs)
    print([r["status"] for r in d.answer["results"]], [r["errors"] for r in d.answer["results"] if "errors" in r][:1])
    ours=Work(cs[1::2],3).changes(UP); theirs=Work(cs[::2],2).changes(DOWN)
    a=d.answer
    print(n,"up",d.up,"down",d.down,"values",d.values, values_and_ids(ours), values_and_ids(theirs), "ratio",d.ratio, len(a["records"]), "results", packed(a["results"]), "recs", packed(a["records"]))
    print(j.dumps(a["records"],ensure_ascii=False)[-6000:])
