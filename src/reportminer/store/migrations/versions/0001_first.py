"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# fmt: off
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """What people do; and, in PostgreSQL, the results, which are Parquet files elsewhere."""
    _workflow()
    if op.get_context().dialect.name == "postgresql":
        _results()


def _workflow() -> None:
    op.create_table('projects',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('created_by', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('current_run', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name='pk_projects'),
    sa.UniqueConstraint('name', name='uq_projects_name')
    )
    op.create_table('runs',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('program', sa.Text(), nullable=False),
    sa.Column('extractor', sa.Text(), nullable=False),
    sa.Column('documents', sa.Integer(), nullable=False),
    sa.Column('observations', sa.Integer(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('reused', sa.Integer(), nullable=False),
    sa.Column('errors', sa.Integer(), nullable=False),
    sa.Column('warnings', sa.Integer(), nullable=False),
    sa.Column('notes', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_runs_project_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_runs')
    )
    op.create_index('ix_runs_project_id', 'runs', ['project_id'], unique=False)
    op.create_table('run_changes',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('change', sa.Text(), nullable=False),
    sa.CheckConstraint("change IN ('new', 'gone')", name='ck_run_changes_change'),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name='fk_run_changes_run_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_run_changes')
    )
    op.create_index('ix_run_changes_run_id', 'run_changes', ['run_id'], unique=False)
    op.create_table('uploads',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_uploads_project_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_uploads')
    )
    op.create_index('ix_uploads_project_id', 'uploads', ['project_id'], unique=False)
    op.create_table('jobs',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('payload', JSON, nullable=False),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('worker', sa.Text(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stage', sa.Text(), nullable=True),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('fix', sa.Text(), nullable=True),
    sa.Column('result', JSON, nullable=True),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name='ck_jobs_state'),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_jobs_project_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_jobs')
    )
    op.create_index('ix_jobs_project_id', 'jobs', ['project_id'], unique=False)
    op.create_index('ix_jobs_state_id', 'jobs', ['state', 'id'], unique=False)
    op.create_table('job_events',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('message', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name='fk_job_events_job_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_job_events')
    )
    op.create_index('ix_job_events_job_id', 'job_events', ['job_id'], unique=False)
    op.create_table('decisions',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('finding', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('before', JSON, nullable=True),
    sa.Column('after', JSON, nullable=False),
    sa.CheckConstraint("verdict IN ('confirmed', 'false_alarm', 'explained', 'open')", name='ck_decisions_verdict'),
    sa.CheckConstraint('length(trim(reason)) > 0', name='ck_decisions_reason'),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_decisions_project_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_decisions'),
    sa.UniqueConstraint('project_id', 'finding', 'version', name='uq_decisions_project_id_finding_version')
    )
    op.create_index('ix_decisions_project_id', 'decisions', ['project_id'], unique=False)
    op.create_table('corrections',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('start_at', sa.Integer(), nullable=False),
    sa.Column('end_at', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('observation', sa.Text(), nullable=True),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('before', JSON, nullable=True),
    sa.Column('after', JSON, nullable=True),
    sa.CheckConstraint("action IN ('correct', 'accept', 'add', 'delete', 'undo')", name='ck_corrections_action'),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_corrections_project_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_corrections'),
    sa.UniqueConstraint('project_id', 'sha256', 'start_at', 'end_at', 'version', name='uq_corrections_project_id_sha256_start_at_end_at_version')
    )
    op.create_index('ix_corrections_project_id', 'corrections', ['project_id'], unique=False)
    op.create_table('users',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('password', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("role IN ('viewer', 'reviewer', 'admin')", name='ck_users_role'),
    sa.PrimaryKeyConstraint('id', name='pk_users'),
    sa.UniqueConstraint('name', name='uq_users_name')
    )
    op.create_table('sessions',
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('csrf', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name='fk_sessions_user_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token', name='pk_sessions')
    )
    op.create_index('ix_sessions_user_id', 'sessions', ['user_id'], unique=False)
    op.create_table('audit_log',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('object', sa.Text(), nullable=False),
    sa.Column('before', JSON, nullable=True),
    sa.Column('after', JSON, nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name='pk_audit_log')
    )
    op.create_index('ix_audit_log_project_id', 'audit_log', ['project_id'], unique=False)


def _results() -> None:
    op.create_table('documents',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('format', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=True),
    sa.Column('area', sa.Text(), nullable=True),
    sa.Column('area_code', sa.Text(), nullable=True),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('genre', sa.Text(), nullable=True),
    sa.Column('pages', sa.Integer(), nullable=True),
    sa.Column('characters', sa.Integer(), nullable=False),
    sa.Column('numerals', sa.Integer(), nullable=False),
    sa.Column('read_numerals', sa.Integer(), nullable=False),
    sa.Column('skipped', JSON, nullable=False),
    sa.Column('names', JSON, nullable=False),
    sa.Column('notes', JSON, nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_documents_project_id', ondelete='CASCADE')
    )
    op.create_index('ix_documents_project_id', 'documents', ['project_id'], unique=False)
    op.create_index('ix_documents_project_id_source', 'documents', ['project_id', 'source'], unique=False)
    op.create_table('segments',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('segment', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=True),
    sa.Column('area', sa.Text(), nullable=True),
    sa.Column('area_code', sa.Text(), nullable=True),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('genre', sa.Text(), nullable=True),
    sa.Column('date', sa.Text(), nullable=True),
    sa.Column('start_at', sa.Integer(), nullable=False),
    sa.Column('end_at', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_segments_project_id', ondelete='CASCADE')
    )
    op.create_index('ix_segments_project_id', 'segments', ['project_id'], unique=False)
    op.create_table('observations',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('segment', sa.Integer(), nullable=False),
    sa.Column('start_at', sa.Integer(), nullable=False),
    sa.Column('end_at', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('page', sa.Integer(), nullable=True),
    sa.Column('value', sa.Numeric(38, 12), nullable=True),
    sa.Column('value2', sa.Numeric(38, 12), nullable=True),
    sa.Column('value_text', sa.Text(), nullable=True),
    sa.Column('unit', sa.Text(), nullable=True),
    sa.Column('bound', sa.Text(), nullable=False),
    sa.Column('masked', sa.Boolean(), nullable=False),
    sa.Column('indicator', sa.Text(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('period', sa.Text(), nullable=True),
    sa.Column('area', sa.Text(), nullable=True),
    sa.Column('area_code', sa.Text(), nullable=True),
    sa.Column('scope', JSON, nullable=False),
    sa.Column('part_of', sa.Text(), nullable=True),
    sa.Column('confidence', sa.Float(), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('low', sa.Numeric(38, 12), nullable=True),
    sa.Column('high', sa.Numeric(38, 12), nullable=True),
    sa.Column('step', sa.Numeric(38, 12), nullable=True),
    sa.Column('dimension', sa.Text(), nullable=False),
    sa.Column('exact', JSON, nullable=True),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_observations_project_id', ondelete='CASCADE')
    )
    op.create_index('ix_observations_project_id', 'observations', ['project_id'], unique=False)
    op.create_index('ix_observations_project_id_id', 'observations', ['project_id', 'id'], unique=False)
    op.create_index('ix_observations_project_id_indicator_area', 'observations', ['project_id', 'indicator', 'area'], unique=False)
    op.create_index('ix_observations_project_id_source', 'observations', ['project_id', 'source'], unique=False)
    op.create_table('findings',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('check_id', sa.Text(), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('severity', sa.Text(), nullable=False),
    sa.Column('sources', JSON, nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('arithmetic', JSON, nullable=True),
    sa.Column('explanations', JSON, nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_findings_project_id', ondelete='CASCADE')
    )
    op.create_index('ix_findings_project_id', 'findings', ['project_id'], unique=False)
    op.create_index('ix_findings_project_id_id', 'findings', ['project_id', 'id'], unique=False)
    op.create_table('finding_members',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('finding', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('observation', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_finding_members_project_id', ondelete='CASCADE')
    )
    op.create_index('ix_finding_members_project_id', 'finding_members', ['project_id'], unique=False)
    op.create_index('ix_finding_members_project_id_finding', 'finding_members', ['project_id', 'finding'], unique=False)
    op.create_index('ix_finding_members_project_id_observation', 'finding_members', ['project_id', 'observation'], unique=False)
    op.create_table('verified',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('check_id', sa.Text(), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('sources', JSON, nullable=False),
    sa.Column('members', JSON, nullable=False),
    sa.Column('arithmetic', JSON, nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_verified_project_id', ondelete='CASCADE')
    )
    op.create_index('ix_verified_project_id', 'verified', ['project_id'], unique=False)
    op.create_table('comparison',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('area', sa.Text(), nullable=False),
    sa.Column('area_code', sa.Text(), nullable=True),
    sa.Column('period', sa.Text(), nullable=True),
    sa.Column('indicator', sa.Text(), nullable=False),
    sa.Column('scope', JSON, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('value', sa.Numeric(38, 12), nullable=True),
    sa.Column('unit', sa.Text(), nullable=True),
    sa.Column('bound', sa.Text(), nullable=False),
    sa.Column('masked', sa.Boolean(), nullable=False),
    sa.Column('observation', sa.Text(), nullable=False),
    sa.Column('others', JSON, nullable=False),
    sa.Column('flags', JSON, nullable=False),
    sa.Column('exact', JSON, nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_comparison_project_id', ondelete='CASCADE')
    )
    op.create_index('ix_comparison_project_id', 'comparison', ['project_id'], unique=False)
    op.create_index('ix_comparison_project_id_indicator_area', 'comparison', ['project_id', 'indicator', 'area'], unique=False)
    op.create_table('failures',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('fix', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_failures_project_id', ondelete='CASCADE')
    )
    op.create_index('ix_failures_project_id', 'failures', ['project_id'], unique=False)
