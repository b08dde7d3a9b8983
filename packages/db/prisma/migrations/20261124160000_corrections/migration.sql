-- CreateTable
CREATE TABLE "correction" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "station_id" UUID NOT NULL,
    "interval_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "step_id" UUID,
    "revision" INTEGER NOT NULL,
    "replaced" JSONB NOT NULL,
    "author" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "withdrawn_at" TIMESTAMPTZ(3),
    "withdrawn_by" TEXT,
    "withdrawn_reason" TEXT,

    CONSTRAINT "correction_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "correction_interval_id_idx" ON "correction"("interval_id");

-- CreateIndex
CREATE INDEX "correction_station_id_starts_at_idx" ON "correction"("station_id", "starts_at");

-- AddForeignKey
ALTER TABLE "correction" ADD CONSTRAINT "correction_station_id_fkey" FOREIGN KEY ("station_id") REFERENCES "station"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What follows is what Prisma's schema cannot say.

ALTER TABLE "correction" ADD CONSTRAINT "correction_kind" CHECK (("kind" = 'adjusted') = ("step_id" IS NOT NULL) AND "kind" IN ('adjusted', 'removed'));
ALTER TABLE "correction" ADD CONSTRAINT "correction_withdrawn" CHECK (
    ("withdrawn_at" IS NULL) = ("withdrawn_by" IS NULL) AND ("withdrawn_at" IS NULL) = ("withdrawn_reason" IS NULL));
