"""What of this room leaves a trail (`households.trail.tables`), and what each table holds in a reader's word."""

TABLES: dict[str, str] = {
    "petitions_case": "信访事项",
    "petitions_petition": "信访件",
    "petitions_numberseries": "信访编号",
    "petitions_accused": "检举控告对象",
    "petitions_tie": "回避关系",
    "petitions_assignment": "交办",
    "petitions_attachment": "信访材料",
    "petitions_petitionevent": "办理经过",
    "petitions_rating": "满意度评价",
    "petitions_reception": "接访日",
    "petitions_receptionstep": "接访日经过",
    "petitions_receptionitem": "接访安排",
    "petitions_receptionrecord": "接访记录",
    "petitions_attendance": "接访部门",
    "petitions_promise": "承诺",
    "petitions_publication": "信访公开",
    "petitions_publicwish": "公开意愿",
}
