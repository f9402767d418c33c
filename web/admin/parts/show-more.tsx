import { Button, Center } from '@mantine/core'
import { useState } from 'react'
import { useText } from '../i18n/text.ts'

const FIRST = 10
const STEP = 25

/** The first rows of a long list, and the data that `ShowMore` needs to show the next rows. */
export function useWindow<T>(rows: T[]) {
  const [size, setSize] = useState(FIRST)
  // One or two more rows take up no more space than the button.
  const end = rows.length <= size + 2 ? rows.length : size
  return { shown: rows.slice(0, end), rest: rows.length - end, more: () => setSize(end + STEP) }
}

/** The button below a long list that shows the next rows. */
export function ShowMore({ rest, more }: { rest: number; more: () => void }) {
  const { t } = useText()
  if (rest === 0) return null
  return (
    <Center mt="sm">
      <Button variant="default" onClick={more}>
        {t('parts.show_more', { count: rest })}
      </Button>
    </Center>
  )
}
