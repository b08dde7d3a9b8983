-- Half-open ranges beside an id in one exclusion constraint.
CREATE EXTENSION IF NOT EXISTS btree_gist;


-- What follows is what Prisma's schema cannot say.

-- A camera's coverage is one chain: no two links share an instant, and none is empty.
ALTER TABLE "coverage" ADD CONSTRAINT "coverage_links_apart"
    EXCLUDE USING gist ("camera_id" WITH =, tstzrange("starts_at", "ends_at") WITH &&);
ALTER TABLE "coverage" ADD CONSTRAINT "coverage_link_not_empty" CHECK ("starts_at" < "ends_at");
ALTER TABLE "coverage" ADD CONSTRAINT "coverage_says_why" CHECK (
    ("state" = 'observed' AND "segment_id" IS NOT NULL AND "reason" IS NULL) OR ("state" = 'lost' AND "reason" IS NOT NULL));

ALTER TABLE "embedding" ADD CONSTRAINT "embedding_state" CHECK (
    "state" IN ('pending', 'late', 'dead') OR ("state" = 'embedded' AND "object_key" IS NOT NULL AND "step_count" IS NOT NULL));

-- A gap is never a duration.
ALTER TABLE "interval_current" ADD CONSTRAINT "interval_censored_has_no_duration" CHECK ("censored" = 'none' OR "duration_ms" IS NULL);
ALTER TABLE "interval_current" ADD CONSTRAINT "interval_not_backwards" CHECK ("starts_at" <= "ends_at");

-- A release is never edited.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER release_append_only BEFORE UPDATE OR DELETE ON "release" FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The feed has exactly one row.
ALTER TABLE "feed" ADD CONSTRAINT "feed_is_one_row" CHECK ("id" = 1);
INSERT INTO "feed" DEFAULT VALUES;

-- Monthly partitions of everything that grows with the timings. The default one catches what no month was made for.
CREATE FUNCTION ensure_month_partitions(first timestamptz, last timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    month timestamp;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ensure_month_partitions'));
    FOREACH parent IN ARRAY ARRAY['interval_current', 'interval_revision', 'cycle_current', 'cycle_revision'] LOOP
        month := date_trunc('month', first AT TIME ZONE 'UTC');
        WHILE month <= last AT TIME ZONE 'UTC' LOOP
            EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                parent || to_char(month, '_YYYY_MM'), parent,
                month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
            month := month + interval '1 month';
        END LOOP;
    END LOOP;
END $$;
CREATE TABLE "interval_current_default" PARTITION OF "interval_current" DEFAULT;
CREATE TABLE "interval_revision_default" PARTITION OF "interval_revision" DEFAULT;
CREATE TABLE "cycle_current_default" PARTITION OF "cycle_current" DEFAULT;
CREATE TABLE "cycle_revision_default" PARTITION OF "cycle_revision" DEFAULT;
SELECT ensure_month_partitions(now() - interval '1 month', now() + interval '13 months');
