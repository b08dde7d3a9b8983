-- CreateTable
CREATE TABLE "webhook" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "station_ids" UUID[],
    "secret_sealed" BYTEA NOT NULL,
    "previous_secret_sealed" BYTEA,
    "previous_secret_until" TIMESTAMPTZ(3),
    "epoch" UUID NOT NULL,
    "acked_seq" BIGINT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "disabled_reason" TEXT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "last_delivered_at" TIMESTAMPTZ(3),
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_holder" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "webhook_name_key" ON "webhook"("name");

-- What follows is what Prisma's schema cannot say.

ALTER TABLE "webhook" ADD CONSTRAINT "webhook_disabled_says_why" CHECK ("enabled" = ("disabled_reason" IS NULL));
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_lease" CHECK (("lease_holder" IS NULL) = ("lease_until" IS NULL));
