import type { TrainingMethod } from '@takt/domain'
import { barlowTwins, barlowTwinsPresets } from './barlow-twins.ts'
import { byol, byolPresets } from './byol.ts'
import { dino, dinoPresets } from './dino.ts'
import { dinoV2, dinoV2Presets } from './dino-v2.ts'
import { iJepa, iJepaPresets } from './i-jepa.ts'
import { ibot, ibotPresets } from './ibot.ts'
import { mae, maePresets } from './mae.ts'
import { methodTrainer, type RunOptions } from './method-trainer.ts'
import { mocoV3, mocoV3Presets } from './moco-v3.ts'
import { simClr, simClrPresets } from './sim-clr.ts'
import { simSiam, simSiamPresets } from './sim-siam.ts'
import type { Trainer } from './trainer.ts'
import { vJepa, vJepaPresets } from './v-jepa.ts'
import { videoMaePresets } from './video-mae-presets.ts'
import { videoMaeTrainer } from './video-mae-trainer.ts'

/** Every method with what suits a plant: its own video, an encoder of some million weights, minutes on a CPU. */
export const plantTrainers: Readonly<Record<TrainingMethod, (options: RunOptions) => Trainer>> = {
  'video-mae': options => videoMaeTrainer({ ...options, preset: videoMaePresets.plant }),
  'sim-siam': options => methodTrainer(options, simSiam(simSiamPresets.plant)),
  'sim-clr': options => methodTrainer(options, simClr(simClrPresets.plant)),
  byol: options => methodTrainer(options, byol(byolPresets.plant)),
  'barlow-twins': options => methodTrainer(options, barlowTwins(barlowTwinsPresets.plant)),
  'moco-v3': options => methodTrainer(options, mocoV3(mocoV3Presets.plant)),
  dino: options => methodTrainer(options, dino(dinoPresets.plant)),
  ibot: options => methodTrainer(options, ibot(ibotPresets.plant)),
  'dino-v2': options => methodTrainer(options, dinoV2(dinoV2Presets.plant)),
  mae: options => methodTrainer(options, mae(maePresets.plant)),
  'i-jepa': options => methodTrainer(options, iJepa(iJepaPresets.plant)),
  'v-jepa': options => methodTrainer(options, vJepa(vJepaPresets.plant)),
}
