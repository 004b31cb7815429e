"""The live schema: whatever belongs to a company is bound to it."""

from sqlalchemy import text

from tests.db.samples import TENANT_TABLES

# Tables that belong to no one company; `companies` is bound by its id.
SHARED = {
    "accounts",
    "alembic_version",
    "companies",
    "document_numbers",
    "gone_objects",
    "login_codes",
    "periodic_jobs",
    "plans",
    "processed_updates",
}

# Foreign keys between tenant tables that may do without the company, and why.
LOOSE = dict.fromkeys(
    (
        "fk_allocations_credit_note_id",
        "fk_allocations_invoice_id",
        "fk_allocations_payment_id",
        "fk_invoices_corrects_id",
        "fk_ledger_invoice_id",
        "fk_ledger_payment_id",
        "fk_ledger_refund_id",
        "fk_payments_invoice_id",
        "fk_refunds_payment_id",
        "fk_subscription_periods_invoice_id",
    ),
    "documents of money outlive their company, which they lose when it goes",
)

TABLES = """
    select c.relname as name, c.relrowsecurity as secured,
           exists (select from pg_attribute a
                   where a.attrelid = c.oid and a.attname = 'company_id') as tenant,
           exists (select from pg_policy p where p.polrelid = c.oid) as policy,
           exists (select from pg_index i join pg_attribute a
                   on a.attrelid = c.oid and a.attnum = i.indkey[0]
                   where i.indrelid = c.oid and i.indisvalid and i.indpred is null
                   and a.attname = 'company_id') as indexed
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
"""
POLICIES = """
    select tablename as name, permissive, cmd, qual, with_check, roles from pg_policies
    where schemaname = 'public'
"""
FOREIGN_KEYS = """
    select k.conname as name, k.conrelid::regclass::text as source,
           k.confrelid::regclass::text as target,
           array(select a.attname::text from pg_attribute a
                 where a.attrelid = k.conrelid and a.attnum = any(k.conkey)) as columns,
           array(select a.attname::text from pg_attribute a
                 where a.attrelid = k.confrelid and a.attnum = any(k.confkey)) as referred,
           exists (select from pg_index i where i.indrelid = k.conrelid and i.indpred is null
                   and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey) as indexed
    from pg_constraint k where k.contype = 'f' and k.connamespace = 'public'::regnamespace
"""


async def _catalogue(database, query):
    async with database.system_session("test") as session:
        return (await session.execute(text(query))).all()


async def test_every_table_belongs_to_a_company_or_is_known_to_be_shared(database):
    tables = await _catalogue(database, TABLES)
    assert {table.name for table in tables if not table.tenant} == SHARED
    assert sorted(table.name for table in tables if table.tenant) == TENANT_TABLES


async def test_every_tenant_table_is_secured_by_a_policy_and_led_by_an_index(database):
    tables = await _catalogue(database, TABLES)
    tenants = [one for one in tables if one.tenant or one.name == "companies"]
    assert [one.name for one in tenants if not (one.secured and one.policy)] == []
    # companies has no company_id; its primary key is the index.
    assert [one.name for one in tenants if one.tenant and not one.indexed] == []


async def test_every_policy_binds_reading_and_writing_to_the_company_of_the_transaction(database):
    policies = await _catalogue(database, POLICIES)
    assert sorted(one.name for one in policies) == sorted([*TENANT_TABLES, "companies"])
    for one in policies:
        own = "id" if one.name == "companies" else "company_id"
        assert one.qual.startswith(f"({own} = ( SELECT (current_setting('app.company_id'::text))")
        assert (one.with_check, one.cmd, one.permissive) == (one.qual, "ALL", "PERMISSIVE")
        assert one.roles == ["public"]


async def test_every_foreign_key_between_tenant_tables_takes_the_company_along(database):
    keys = await _catalogue(database, FOREIGN_KEYS)
    loose = {
        one.name
        for one in keys
        if {one.source, one.target} <= set(TENANT_TABLES)
        and not ("company_id" in one.columns and "company_id" in one.referred)
    }
    assert loose == set(LOOSE)


async def test_every_foreign_key_has_an_index_for_when_its_target_goes(database):
    keys = await _catalogue(database, FOREIGN_KEYS)
    bare = {one.name for one in keys if not one.indexed and one.columns != ["company_id"]}
    # Invites, trials and the like of one company are few: found by the company's index.
    assert bare == {"fk_invites_company_id_author_id", "fk_invites_company_id_project_id"}


async def test_the_tenant_role_can_neither_log_in_nor_pass_the_policies(database):
    (role,) = await _catalogue(
        database,
        "select rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
        " from pg_roles where rolname = 'saas_tenant'",
    )
    assert tuple(role) == (False,) * 5
    owned = await _catalogue(
        database, "select 1 from pg_class where relowner = 'saas_tenant'::regrole"
    )
    assert owned == []
