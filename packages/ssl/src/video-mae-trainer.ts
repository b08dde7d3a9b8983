import { drawMasks } from './draw-masks.ts'
import type { Method, Setting } from './method.ts'
import { methodTrainer, type RunOptions } from './method-trainer.ts'
import { pixelPrediction } from './pixel-prediction.ts'
import { standardiseColours } from './standardise-colours.ts'
import type { Trainer } from './trainer.ts'
import { hiddenPlaces, tubeMask } from './tube-mask.ts'
import type { VideoMaePreset } from './video-mae-presets.ts'

export interface VideoMaeTrainerOptions extends RunOptions {
  readonly preset: VideoMaePreset
}

/** Trains an encoder by VideoMAE. Throws `bad_trainer`, `bad_mask` or `bad_decoder` where the options do not fit together. */
export function videoMaeTrainer({ preset, ...options }: VideoMaeTrainerOptions): Trainer {
  return methodTrainer(options, videoMae(preset))
}

function videoMae(preset: VideoMaePreset): (setting: Setting) => Method {
  return ({ spec, batch, seed }) => {
    const { frames, tubelet, inputSize, patch } = spec
    const tubes = { times: frames / tubelet, places: (inputSize / patch) ** 2, ratio: preset.maskRatio }
    const hidden = hiddenPlaces(tubes)
    const masks = drawMasks({
      batch,
      visible: tubes.times * (tubes.places - hidden),
      hidden: tubes.times * hidden,
      mask: stream => tubeMask(tubes, { seed, stream }),
    })
    return pixelPrediction({ name: 'video-mae', preset, masks, standardise: standardiseColours }, spec)
  }
}
