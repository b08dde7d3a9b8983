-- AlterTable
ALTER TABLE "interval_current" ADD COLUMN     "motions" JSONB;
