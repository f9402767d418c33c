import type { ConferenceProvider, ConferenceRoom } from '../../src/connections/provider.ts'
import type { ConferenceCase } from './provider-conformance.ts'

/** Conference rooms in memory. */
export async function openExampleRooms(): Promise<ConferenceCase> {
  const rooms = new Map<string, ConferenceRoom>()
  const provider: ConferenceProvider = {
    kind: 'conference',
    async keepRoom(key) {
      const room = rooms.get(key) ?? { id: key, url: `https://rooms.example/${key}`, password: null }
      rooms.set(key, room)
      return room
    },
    async deleteRoom(key) {
      rooms.delete(key)
    },
  }
  return { provider, countRooms: async () => rooms.size }
}
