from typing import ClassVar

from django.db import migrations

WATCH = """
SELECT trail_watch('rewards_shop');
SELECT trail_watch('rewards_item', '{on_hand,reserved}');
SELECT trail_watch('rewards_redemption');
SELECT trail_watch('rewards_stockmove');
SELECT trail_watch('rewards_stocktake');
SELECT trail_watch('rewards_stocktakeline');
SELECT trail_watch('rewards_picture');
SELECT trail_watch('rewards_fund');
SELECT trail_watch('rewards_fundsource');
SELECT trail_watch('rewards_awardrule');
SELECT trail_watch('rewards_ruleband');
SELECT trail_watch('rewards_rulegoal');
SELECT trail_watch('rewards_awardrun');
SELECT trail_watch('rewards_awardline');
SELECT trail_watch('rewards_award');
SELECT trail_watch('rewards_awardreview');
SELECT trail_watch('rewards_awarddecision');
SELECT trail_watch('rewards_project');
SELECT trail_watch('rewards_projectstep');
SELECT trail_watch('rewards_milestone');
SELECT trail_watch('rewards_projectphoto');
SELECT trail_watch('rewards_acceptance');
SELECT trail_watch('rewards_allocation');
SELECT trail_watch('rewards_payment');
SELECT trail_watch('rewards_ballot');
SELECT trail_watch('rewards_ballotoption');
SELECT trail_watch('rewards_gradeband');
SELECT trail_watch('rewards_performancecredit');
"""
WATCH_DOWN = """
SELECT trail_unwatch('rewards_shop');
SELECT trail_unwatch('rewards_item');
SELECT trail_unwatch('rewards_redemption');
SELECT trail_unwatch('rewards_stockmove');
SELECT trail_unwatch('rewards_stocktake');
SELECT trail_unwatch('rewards_stocktakeline');
SELECT trail_unwatch('rewards_picture');
SELECT trail_unwatch('rewards_fund');
SELECT trail_unwatch('rewards_fundsource');
SELECT trail_unwatch('rewards_awardrule');
SELECT trail_unwatch('rewards_ruleband');
SELECT trail_unwatch('rewards_rulegoal');
SELECT trail_unwatch('rewards_awardrun');
SELECT trail_unwatch('rewards_awardline');
SELECT trail_unwatch('rewards_award');
SELECT trail_unwatch('rewards_awardreview');
SELECT trail_unwatch('rewards_awarddecision');
SELECT trail_unwatch('rewards_project');
SELECT trail_unwatch('rewards_projectstep');
SELECT trail_unwatch('rewards_milestone');
SELECT trail_unwatch('rewards_projectphoto');
SELECT trail_unwatch('rewards_acceptance');
SELECT trail_unwatch('rewards_allocation');
SELECT trail_unwatch('rewards_payment');
SELECT trail_unwatch('rewards_ballot');
SELECT trail_unwatch('rewards_ballotoption');
SELECT trail_unwatch('rewards_gradeband');
SELECT trail_unwatch('rewards_performancecredit');
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rewards", "0004_guards_projects"), ("households", "0009_trail")]
    operations: ClassVar = [
        migrations.RunSQL(WATCH, WATCH_DOWN),
    ]
