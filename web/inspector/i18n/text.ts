import type { PartsKey } from '../../i18n/parts.en.ts'
import { useTextOf } from '../../i18n/text.tsx'
import type { en } from './en.ts'

/** For an inspector’s page. */
export const useText = useTextOf<PartsKey | keyof typeof en>
