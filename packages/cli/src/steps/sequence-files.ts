import { join } from 'node:path'
import { type FeatureForm, type LabelledFeatures, UNKNOWN } from '@takt/steps'
import { type FeatureFile, openFeatureFile, readFeatures, requireFinite, type TimeAxis } from './feature-file.ts'
import { malformed } from './read-input.ts'
import { readLabels, readSparseLabels } from './read-labels.ts'

export interface SequenceFolders {
  readonly features: string
  readonly labels: string
  readonly classNames: readonly string[]
}

export interface SequenceFiles {
  readonly form: FeatureForm
  readonly training: readonly LabelledFeatures[]
  /** Their labels only score. */
  readonly tested: readonly LabelledFeatures[]
  /** Which axis of a matrix is time. */
  readonly timeAxis: TimeAxis
  /** Names of sequences whose labels were a little more or fewer than their time steps. */
  readonly adjusted: readonly string[]
}

interface Opened {
  readonly name: string
  readonly features: FeatureFile
  readonly labels: Int16Array
  readonly labelFile: string
}

/**
 * Opens `NAME.npy` and `NAME.txt` of every sequence and reads the labels; features are read when they are learnt from.
 * A matrix is `[time, channel]`; it is `[channel, time]` where labels of training sequences say so, all of them: they are
 * as many as the second axis and not as the first. Labels that are 1 % too many are cut, and missing ones unknown. Throws `file-unreadable` and `file-malformed`.
 */
export async function openSequences(
  folders: SequenceFolders,
  { train, test }: { readonly train: readonly string[]; readonly test: readonly string[] },
): Promise<SequenceFiles> {
  const opened = await openAll(folders, train, readSparseLabels)
  const timeAxis = timeAxisOf(opened)
  const all = [...opened, ...(await openAll(folders, test, readLabels))]
  const form = formOf(all[0]!.features, timeAxis)
  const sequences = all.map(each => sequenceOf(each, { form, timeAxis, first: all[0]!.features.file }))
  const adjusted = all.filter(({ labels }, index) => labels.length !== sequences[index]!.times).map(({ name }) => name)
  return { form, timeAxis, training: sequences.slice(0, train.length), tested: sequences.slice(train.length), adjusted }
}

async function openAll(
  { features, labels, classNames }: SequenceFolders,
  names: readonly string[],
  read: (file: string, classNames: readonly string[]) => Promise<Int16Array>,
): Promise<readonly Opened[]> {
  const opened: Opened[] = []
  for (const name of names) {
    const labelFile = join(labels, `${name}.txt`)
    opened.push({
      name,
      labelFile,
      features: await openFeatureFile(join(features, `${name}.npy`)),
      labels: await read(labelFile, classNames),
    })
  }
  return opened
}

function timeAxisOf(opened: readonly Opened[]): TimeAxis {
  const fits = (axis: TimeAxis) =>
    opened.every(({ features, labels }) => areAlike(labels.length, features.shape[axis]!))
  const isMatrices = opened.every(({ features }) => features.shape.length === 2)
  return isMatrices && !fits(0) && fits(1) ? 1 : 0
}

function formOf({ shape }: FeatureFile, timeAxis: TimeAxis): FeatureForm {
  const ofStep = shape.toSpliced(timeAxis, 1)
  return { channels: ofStep.reduce((product, size) => product * size, 1), places: ofStep.length > 1 ? ofStep[0]! : 1 }
}

type Expected = { readonly form: FeatureForm; readonly timeAxis: TimeAxis; readonly first: string }

function sequenceOf(
  { name, features, labels, labelFile }: Opened,
  { form, timeAxis, first }: Expected,
): LabelledFeatures {
  const { file, shape } = features
  const { channels, places } = formOf(features, timeAxis)
  if (channels !== form.channels || places !== form.places) {
    throw malformed(
      file,
      `it has ${channels} features in ${places} places, ${first} ${form.channels} in ${form.places}`,
    )
  }
  const times = shape[timeAxis]!
  if (times === 0 || channels === 0) throw malformed(file, `shape [${shape.join(', ')}] is empty`)
  if (!areAlike(labels.length, times)) {
    throw malformed(labelFile, `it has ${labels.length} labels for the ${times} time steps of ${file}`)
  }
  const ofSteps = new Int16Array(times).fill(UNKNOWN)
  ofSteps.set(labels.subarray(0, times))
  let isChecked = false
  const read = async (into: Float32Array) => {
    await readFeatures(features, into, timeAxis)
    if (!isChecked) requireFinite(features, into, timeAxis)
    isChecked = true
  }
  return { name, times, labels: ofSteps, read }
}

/** Share by which labels may be more or fewer than time steps: extractors of features leave some frames out at the end. */
const ODD_SHARE = 0.01

const areAlike = (labels: number, times: number) => Math.abs(labels - times) <= Math.ceil(ODD_SHARE * times)
