-- CreateTable
CREATE TABLE "view_drift" (
    "view_id" UUID NOT NULL,
    "release_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "view_revision_id" UUID NOT NULL,
    "score" REAL NOT NULL,
    "kind" TEXT,
    "evidence" JSONB NOT NULL,
    "measured_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "view_drift_pkey" PRIMARY KEY ("view_id","starts_at")
);

-- AddForeignKey
ALTER TABLE "view_drift" ADD CONSTRAINT "view_drift_view_id_fkey" FOREIGN KEY ("view_id") REFERENCES "view"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "view_drift" ADD CONSTRAINT "view_drift_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "release"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
