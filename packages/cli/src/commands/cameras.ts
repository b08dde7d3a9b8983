import { command } from '../command.ts'

interface Camera {
  readonly name: string
  readonly state: string
  readonly stateDetail: string | null
  readonly url: string
}

export const cameras = command({
  usage: 'cameras [--json]',
  about: 'Every camera and what it is doing.',
  options: {},
  run: async ({ api }) => {
    const { items } = await api().json<{ items: Camera[] }>('/v1/cameras')
    return {
      answer: { cameras: items },
      lines: items.map(
        ({ name, state, stateDetail, url }) => `${name.padEnd(24)} ${state.padEnd(12)} ${url} ${stateDetail ?? ''}`,
      ),
    }
  },
})
