-- AlterTable
ALTER TABLE "encoder" ADD COLUMN "learnt_from" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "adaptation" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "state" TEXT NOT NULL DEFAULT 'queued',
    "method" TEXT NOT NULL,
    "parent_id" UUID NOT NULL,
    "station_ids" UUID[],
    "budget_ms" INTEGER NOT NULL,
    "seed" INTEGER NOT NULL,
    "batch" INTEGER,
    "steps_per_call" INTEGER,
    "steps" INTEGER,
    "step" INTEGER NOT NULL DEFAULT 0,
    "losses" JSONB NOT NULL DEFAULT '[]',
    "trained_ms" INTEGER NOT NULL DEFAULT 0,
    "checkpoint_step" INTEGER,
    "error" TEXT,
    "encoder_id" UUID,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lease_holder" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "stop_requested_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "adaptation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "adaptation_encoder_id_key" ON "adaptation"("encoder_id");

-- CreateIndex
CREATE INDEX "adaptation_state_created_at_idx" ON "adaptation"("state", "created_at");

-- AddForeignKey
ALTER TABLE "adaptation" ADD CONSTRAINT "adaptation_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "encoder"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "adaptation" ADD CONSTRAINT "adaptation_encoder_id_fkey" FOREIGN KEY ("encoder_id") REFERENCES "encoder"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What follows is what Prisma's schema cannot say.

ALTER TABLE "adaptation" ADD CONSTRAINT "adaptation_state" CHECK (
    "state" IN ('queued', 'running', 'failed', 'stopped') OR ("state" = 'done' AND "encoder_id" IS NOT NULL));
-- What nobody works on belongs to nobody.
ALTER TABLE "adaptation" ADD CONSTRAINT "adaptation_lease" CHECK (
    ("state" = 'running') = ("lease_holder" IS NOT NULL) AND ("lease_holder" IS NULL) = ("lease_until" IS NULL));
