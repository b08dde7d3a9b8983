-- AlterTable
ALTER TABLE "cycle_current" ADD COLUMN "variant" TEXT;
ALTER TABLE "cycle_current" ADD COLUMN "association" JSONB;

-- CreateTable
CREATE TABLE "mes_source" (
    "source" TEXT NOT NULL,
    "events" BIGINT NOT NULL DEFAULT 0,
    "last_event_at" TIMESTAMPTZ(3),
    "last_received_at" TIMESTAMPTZ(3),
    "last_skew_ms" INTEGER,
    "least_skew_ms" INTEGER,
    "most_skew_ms" INTEGER,

    CONSTRAINT "mes_source_pkey" PRIMARY KEY ("source")
);

-- CreateTable
CREATE TABLE "mes_event" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "source" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "station_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "skew_ms" INTEGER,

    CONSTRAINT "mes_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "mes_event_source_event_id_key" ON "mes_event"("source", "event_id");

-- CreateIndex
CREATE INDEX "mes_event_station_id_type_at_idx" ON "mes_event"("station_id", "type", "at");

-- AddForeignKey
ALTER TABLE "mes_event" ADD CONSTRAINT "mes_event_station_id_fkey" FOREIGN KEY ("station_id") REFERENCES "station"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What follows is what Prisma's schema cannot say.

ALTER TABLE "mes_event" ADD CONSTRAINT "mes_event_type" CHECK (
    "type" IN ('job-order-started', 'job-order-ended', 'unit-scanned', 'variant-set'));
-- What an MES has told is never edited.
CREATE TRIGGER mes_event_append_only BEFORE UPDATE OR DELETE ON "mes_event" FOR EACH ROW EXECUTE FUNCTION refuse_change();
