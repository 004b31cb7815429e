"""Every verb of the system and whom the permissions table allows it, for both tiers of tests."""

from tests.rights.api_verbs import API
from tests.rights.billing_verbs import BILLING
from tests.rights.draft_verbs import CREATION
from tests.rights.file_in_verbs import FILES_IN
from tests.rights.file_verbs import FILES
from tests.rights.people_verbs import COMPANY, INVITES, MEMBERS, ONESELF
from tests.rights.plan_verbs import PLAN
from tests.rights.project_verbs import PROJECTS
from tests.rights.reading_verbs import READ
from tests.rights.report_verbs import REPORTS
from tests.rights.work_verbs import EDITS, MOVES

WORK = [*READ, *EDITS, *MOVES, *CREATION, *REPORTS, *FILES_IN, *FILES]
VERBS = [*WORK, *PROJECTS, *MEMBERS, *COMPANY, *INVITES, *ONESELF, *PLAN, *BILLING, *API]
