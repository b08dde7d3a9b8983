-- CreateTable
CREATE TABLE "discovery" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "state" TEXT NOT NULL DEFAULT 'queued',
    "station_id" UUID NOT NULL,
    "encoder_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "work" JSONB,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "discovery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "discovery_state_created_at_idx" ON "discovery"("state", "created_at");

-- AddForeignKey
ALTER TABLE "discovery" ADD CONSTRAINT "discovery_station_id_fkey" FOREIGN KEY ("station_id") REFERENCES "station"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "discovery" ADD CONSTRAINT "discovery_encoder_id_fkey" FOREIGN KEY ("encoder_id") REFERENCES "encoder"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What follows is what Prisma's schema cannot say.

ALTER TABLE "discovery" ADD CONSTRAINT "discovery_state" CHECK (
    "state" IN ('queued', 'failed') OR ("state" = 'done' AND "work" IS NOT NULL));
ALTER TABLE "discovery" ADD CONSTRAINT "discovery_window" CHECK ("starts_at" < "ends_at");
