-- Half-open ranges beside an id in one exclusion constraint.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- CreateTable
CREATE TABLE "camera" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "name" TEXT NOT NULL,
    "url_sealed" BYTEA NOT NULL,
    "url_shown" TEXT NOT NULL,
    "transport" TEXT NOT NULL DEFAULT 'tcp',
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "state" TEXT NOT NULL DEFAULT 'starting',
    "state_detail" TEXT,
    "state_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "covered_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "camera_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "camera_event" (
    "id" BIGSERIAL NOT NULL,
    "camera_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL,
    "detail" TEXT,

    CONSTRAINT "camera_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "camera_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "outcome" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "segment" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "camera_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "media_start_ticks" BIGINT NOT NULL,
    "duration_ticks" BIGINT NOT NULL,
    "timescale" INTEGER NOT NULL,
    "closed_at" TIMESTAMPTZ(3) NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "clock_source" TEXT NOT NULL,
    "absolute_error_ms" INTEGER NOT NULL,
    "host_offset_ms" DOUBLE PRECISION,
    "sender_report_offset_ms" DOUBLE PRECISION,
    "object_key" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "codec" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,

    CONSTRAINT "segment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "coverage" (
    "id" BIGSERIAL NOT NULL,
    "camera_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "segment_id" UUID,

    CONSTRAINT "coverage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "station" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "name" TEXT NOT NULL,
    "line" TEXT,
    "external_id" TEXT,
    "process_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "station_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "view" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "station_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "required" BOOLEAN NOT NULL DEFAULT true,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "view_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "view_revision" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "view_id" UUID NOT NULL,
    "camera_id" UUID NOT NULL,
    "crop" JSONB,
    "masks" JSONB NOT NULL DEFAULT '[]',
    "offset_ms" INTEGER NOT NULL DEFAULT 0,
    "valid_from" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "view_revision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "encoder" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "name" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "parent_id" UUID,
    "spec" JSONB NOT NULL,
    "weights_key" TEXT NOT NULL,
    "scores" JSONB NOT NULL DEFAULT '{}',
    "serving" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "encoder_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "embedding" (
    "view_revision_id" UUID NOT NULL,
    "encoder_id" UUID NOT NULL,
    "segment_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "object_key" TEXT,
    "first_step" INTEGER,
    "step_count" INTEGER,
    "pending_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "late_at" TIMESTAMPTZ(3),
    "embedded_at" TIMESTAMPTZ(3),

    CONSTRAINT "embedding_pkey" PRIMARY KEY ("view_revision_id","encoder_id","segment_id")
);

-- CreateTable
CREATE TABLE "process" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "name" TEXT NOT NULL,
    "external_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "process_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "process_version" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "process_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "process_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "step" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "process_version_id" UUID NOT NULL,
    "parent_id" UUID,
    "level" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "external_id" TEXT,
    "position" INTEGER NOT NULL,
    "opens_cycle" BOOLEAN NOT NULL DEFAULT false,
    "optional" BOOLEAN NOT NULL DEFAULT false,
    "expected_ms" INTEGER,

    CONSTRAINT "step_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "label_range" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "source_kind" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "start_seconds" DOUBLE PRECISION,
    "end_seconds" DOUBLE PRECISION,
    "author" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "label_range_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "label" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "range_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "start_seconds" DOUBLE PRECISION,
    "end_seconds" DOUBLE PRECISION,
    "step" TEXT NOT NULL,

    CONSTRAINT "label_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "head" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "station_id" UUID NOT NULL,
    "encoder_id" UUID NOT NULL,
    "process_version_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'fitting',
    "error" TEXT,
    "scores" JSONB NOT NULL DEFAULT '{}',
    "object_key" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "fitted_at" TIMESTAMPTZ(3),

    CONSTRAINT "head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "release" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "station_id" UUID NOT NULL,
    "encoder_id" UUID NOT NULL,
    "head_id" UUID NOT NULL,
    "effective_at" TIMESTAMPTZ(3) NOT NULL,
    "author" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "release_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "station_id" UUID NOT NULL,
    "release_id" UUID NOT NULL,
    "from_slot" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_cursor" (
    "station_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "decoded_through" BIGINT NOT NULL,
    "next_ordinal" INTEGER NOT NULL,
    "checkpoint" BYTEA NOT NULL,
    "complete_through" BIGINT NOT NULL,
    "cycle_carry" JSONB,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_cursor_pkey" PRIMARY KEY ("station_id")
);

-- CreateTable
CREATE TABLE "provisional" (
    "station_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "intervals" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provisional_pkey" PRIMARY KEY ("station_id")
);

-- CreateTable
CREATE TABLE "interval_current" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "anchor_at" TIMESTAMPTZ(3) NOT NULL,
    "station_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "release_id" UUID NOT NULL,
    "step_id" UUID NOT NULL,
    "cycle_id" UUID,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER,
    "duration_source" TEXT,
    "duration_sd_ms" INTEGER,
    "start_sd_ms" INTEGER NOT NULL,
    "end_sd_ms" INTEGER NOT NULL,
    "absolute_error_ms" INTEGER NOT NULL,
    "confidence" REAL NOT NULL,
    "censored" TEXT NOT NULL DEFAULT 'none',
    "author" TEXT NOT NULL DEFAULT 'machine',
    "revision" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "interval_current_pkey" PRIMARY KEY ("id","anchor_at")
) PARTITION BY RANGE ("anchor_at");

-- CreateTable
CREATE TABLE "interval_revision" (
    "id" UUID NOT NULL,
    "anchor_at" TIMESTAMPTZ(3) NOT NULL,
    "revision" INTEGER NOT NULL,
    "station_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "change_seq" BIGINT NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "interval_revision_pkey" PRIMARY KEY ("id","anchor_at","revision")
) PARTITION BY RANGE ("anchor_at");

-- CreateTable
CREATE TABLE "cycle_current" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "anchor_at" TIMESTAMPTZ(3) NOT NULL,
    "station_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "release_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER,
    "duration_sd_ms" INTEGER,
    "censored" TEXT NOT NULL DEFAULT 'none',
    "missing" TEXT[],
    "repeated" TEXT[],
    "out_of_order" BOOLEAN NOT NULL DEFAULT false,
    "job_order_id" TEXT,
    "serial" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "cycle_current_pkey" PRIMARY KEY ("id","anchor_at")
) PARTITION BY RANGE ("anchor_at");

-- CreateTable
CREATE TABLE "cycle_revision" (
    "id" UUID NOT NULL,
    "anchor_at" TIMESTAMPTZ(3) NOT NULL,
    "revision" INTEGER NOT NULL,
    "station_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "change_seq" BIGINT NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "cycle_revision_pkey" PRIMARY KEY ("id","anchor_at","revision")
) PARTITION BY RANGE ("anchor_at");

-- CreateTable
CREATE TABLE "feed" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "epoch" UUID NOT NULL DEFAULT uuidv7(),
    "last_seq" BIGINT NOT NULL DEFAULT 0,
    "pruned_through" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "feed_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change" (
    "seq" BIGINT NOT NULL,
    "entity" TEXT NOT NULL,
    "entity_id" UUID NOT NULL,
    "anchor_at" TIMESTAMPTZ(3) NOT NULL,
    "revision" INTEGER NOT NULL,

    CONSTRAINT "change_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "revision_request" (
    "id" BIGSERIAL NOT NULL,
    "station_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),
    "outcome" TEXT,

    CONSTRAINT "revision_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dead_job" (
    "id" BIGSERIAL NOT NULL,
    "queue" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "args" JSONB NOT NULL,
    "error" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dead_job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "camera_name_key" ON "camera"("name");

-- CreateIndex
CREATE INDEX "camera_event_camera_id_at_idx" ON "camera_event"("camera_id", "at");

-- CreateIndex
CREATE INDEX "session_camera_id_started_at_idx" ON "session"("camera_id", "started_at");

-- CreateIndex
CREATE INDEX "segment_camera_id_starts_at_idx" ON "segment"("camera_id", "starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "segment_session_id_sequence_key" ON "segment"("session_id", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "coverage_segment_id_key" ON "coverage"("segment_id");

-- CreateIndex
CREATE INDEX "coverage_camera_id_ends_at_idx" ON "coverage"("camera_id", "ends_at");

-- CreateIndex
CREATE UNIQUE INDEX "station_name_key" ON "station"("name");

-- CreateIndex
CREATE UNIQUE INDEX "view_station_id_name_key" ON "view"("station_id", "name");

-- CreateIndex
CREATE INDEX "view_revision_view_id_valid_from_idx" ON "view_revision"("view_id", "valid_from");

-- CreateIndex
CREATE INDEX "view_revision_camera_id_idx" ON "view_revision"("camera_id");

-- CreateIndex
CREATE UNIQUE INDEX "encoder_name_key" ON "encoder"("name");

-- CreateIndex
CREATE INDEX "embedding_segment_id_idx" ON "embedding"("segment_id");

-- CreateIndex
CREATE INDEX "embedding_state_pending_since_idx" ON "embedding"("state", "pending_since");

-- CreateIndex
CREATE UNIQUE INDEX "process_name_key" ON "process"("name");

-- CreateIndex
CREATE UNIQUE INDEX "process_version_process_id_version_key" ON "process_version"("process_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "step_process_version_id_name_key" ON "step"("process_version_id", "name");

-- CreateIndex
CREATE INDEX "label_range_source_kind_source_starts_at_idx" ON "label_range"("source_kind", "source", "starts_at");

-- CreateIndex
CREATE INDEX "label_range_id_idx" ON "label"("range_id");

-- CreateIndex
CREATE INDEX "head_station_id_created_at_idx" ON "head"("station_id", "created_at");

-- CreateIndex
CREATE INDEX "release_station_id_effective_at_idx" ON "release"("station_id", "effective_at");

-- CreateIndex
CREATE INDEX "run_station_id_from_slot_idx" ON "run"("station_id", "from_slot");

-- CreateIndex
CREATE UNIQUE INDEX "run_cursor_run_id_key" ON "run_cursor"("run_id");

-- CreateIndex
CREATE INDEX "interval_current_station_id_starts_at_idx" ON "interval_current"("station_id", "starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "interval_current_anchor_at_station_id_run_id_ordinal_key" ON "interval_current"("anchor_at", "station_id", "run_id", "ordinal");

-- CreateIndex
CREATE INDEX "cycle_current_station_id_starts_at_idx" ON "cycle_current"("station_id", "starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "cycle_current_anchor_at_station_id_run_id_ordinal_key" ON "cycle_current"("anchor_at", "station_id", "run_id", "ordinal");

-- CreateIndex
CREATE INDEX "revision_request_done_at_requested_at_idx" ON "revision_request"("done_at", "requested_at");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_prefix_key" ON "api_key"("prefix");

-- AddForeignKey
ALTER TABLE "camera_event" ADD CONSTRAINT "camera_event_camera_id_fkey" FOREIGN KEY ("camera_id") REFERENCES "camera"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_camera_id_fkey" FOREIGN KEY ("camera_id") REFERENCES "camera"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "segment" ADD CONSTRAINT "segment_camera_id_fkey" FOREIGN KEY ("camera_id") REFERENCES "camera"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "segment" ADD CONSTRAINT "segment_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage" ADD CONSTRAINT "coverage_camera_id_fkey" FOREIGN KEY ("camera_id") REFERENCES "camera"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage" ADD CONSTRAINT "coverage_segment_id_fkey" FOREIGN KEY ("segment_id") REFERENCES "segment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "station" ADD CONSTRAINT "station_process_id_fkey" FOREIGN KEY ("process_id") REFERENCES "process"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "view" ADD CONSTRAINT "view_station_id_fkey" FOREIGN KEY ("station_id") REFERENCES "station"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "view_revision" ADD CONSTRAINT "view_revision_view_id_fkey" FOREIGN KEY ("view_id") REFERENCES "view"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "view_revision" ADD CONSTRAINT "view_revision_camera_id_fkey" FOREIGN KEY ("camera_id") REFERENCES "camera"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "encoder" ADD CONSTRAINT "encoder_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "encoder"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "embedding" ADD CONSTRAINT "embedding_view_revision_id_fkey" FOREIGN KEY ("view_revision_id") REFERENCES "view_revision"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "embedding" ADD CONSTRAINT "embedding_encoder_id_fkey" FOREIGN KEY ("encoder_id") REFERENCES "encoder"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "embedding" ADD CONSTRAINT "embedding_segment_id_fkey" FOREIGN KEY ("segment_id") REFERENCES "segment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "process_version" ADD CONSTRAINT "process_version_process_id_fkey" FOREIGN KEY ("process_id") REFERENCES "process"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "step" ADD CONSTRAINT "step_process_version_id_fkey" FOREIGN KEY ("process_version_id") REFERENCES "process_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "step" ADD CONSTRAINT "step_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "step"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "label" ADD CONSTRAINT "label_range_id_fkey" FOREIGN KEY ("range_id") REFERENCES "label_range"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "head" ADD CONSTRAINT "head_station_id_fkey" FOREIGN KEY ("station_id") REFERENCES "station"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "head" ADD CONSTRAINT "head_encoder_id_fkey" FOREIGN KEY ("encoder_id") REFERENCES "encoder"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "head" ADD CONSTRAINT "head_process_version_id_fkey" FOREIGN KEY ("process_version_id") REFERENCES "process_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release" ADD CONSTRAINT "release_station_id_fkey" FOREIGN KEY ("station_id") REFERENCES "station"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release" ADD CONSTRAINT "release_encoder_id_fkey" FOREIGN KEY ("encoder_id") REFERENCES "encoder"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release" ADD CONSTRAINT "release_head_id_fkey" FOREIGN KEY ("head_id") REFERENCES "head"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_station_id_fkey" FOREIGN KEY ("station_id") REFERENCES "station"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "release"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_cursor" ADD CONSTRAINT "run_cursor_station_id_fkey" FOREIGN KEY ("station_id") REFERENCES "station"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_cursor" ADD CONSTRAINT "run_cursor_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "provisional" ADD CONSTRAINT "provisional_station_id_fkey" FOREIGN KEY ("station_id") REFERENCES "station"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revision_request" ADD CONSTRAINT "revision_request_station_id_fkey" FOREIGN KEY ("station_id") REFERENCES "station"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

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
