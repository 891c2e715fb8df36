-- Why a notice was skipped or withdrawn, and when; empty for those of before.
ALTER TABLE notice ADD COLUMN why TEXT;
ALTER TABLE notice ADD COLUMN ended_at BIGINT;
