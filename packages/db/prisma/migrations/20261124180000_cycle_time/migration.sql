-- AlterTable
ALTER TABLE "step" ADD COLUMN     "any_order_group" TEXT,
ADD COLUMN     "repeats" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "interval_current" ADD COLUMN     "evidence" TEXT NOT NULL DEFAULT 'clear';

-- AlterTable
ALTER TABLE "cycle_current" ADD COLUMN     "extra" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "idle_after_ms" INTEGER,
ADD COLUMN     "idle_ms" INTEGER,
ADD COLUMN     "interrupted" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "misplaced" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "unseen_ms" INTEGER,
ADD COLUMN     "work_ms" INTEGER;
