import { Anchor, Checkbox, Stack, Text, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'
import { addressOf, type Page, usePages } from '../client/pages.ts'
import { useText } from '../i18n/text.ts'
import type { TabProps } from './tab.ts'

/** The list can be searched if there are at least this many pages. */
const SEARCHED = 8
const SHOWN = 20

/** The pages that the meeting type is on, each with its link. */
export function PagesField({ form }: TabProps) {
  const { t } = useText()
  const { data: pages = [] } = usePages()
  const [search, setSearch] = useState('')
  const { values, set } = form
  const wanted = search.trim().toLowerCase()
  const isChosen = ({ id }: Page) => values.pages.includes(id)
  const found = pages.filter((page) => `${page.name} ${page.slug}`.toLowerCase().includes(wanted))
  const shown = wanted ? found : [...found.filter(isChosen), ...found.filter((page) => !isChosen(page))]
  if (pages.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('meetingTypes.no_pages')}{' '}
        <Anchor renderRoot={(props) => <Link {...props} to="/pages" />}>{t('meetingTypes.create_page')}</Anchor>
      </Text>
    )
  return (
    <fieldset className="plain-group">
      <legend>{t('meetingTypes.pages')}</legend>
      <Stack gap="xs">
        {pages.length >= SEARCHED && (
          <TextInput
            type="search"
            size="xs"
            aria-label={t('meetingTypes.search_pages')}
            placeholder={t('meetingTypes.search_pages')}
            value={search}
            onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          />
        )}
        {shown.slice(0, SHOWN).map((page) => (
          <div key={page.id} className="page-choice">
            <Checkbox
              label={<span dir="auto">{page.name}</span>}
              checked={isChosen(page)}
              onChange={({ currentTarget }) =>
                set({
                  pages: currentTarget.checked
                    ? [...values.pages, page.id]
                    : values.pages.filter((known) => known !== page.id),
                })
              }
            />
            {isChosen(page) && values.slug && (
              <span className="page-link">
                <span className="mono">{addressOf(page, values).replace(/^https?:\/\//, '')}</span>
                <CopyButton text={addressOf(page, values)} label={t('parts.copy')} />
              </span>
            )}
          </div>
        ))}
        {shown.length > SHOWN && (
          <Text size="sm" c="dimmed">
            {t('meetingTypes.more_pages', { count: shown.length - SHOWN })}
          </Text>
        )}
      </Stack>
    </fieldset>
  )
}
