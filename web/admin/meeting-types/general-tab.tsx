import { Box, NumberInput, Radio, Select, SimpleGrid, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { type LocationType, mediumOf } from '../../../src/places/schema.ts'
import { detectZone } from '../../time/zones.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import { useText } from '../i18n/text.ts'
import { DurationInput } from '../parts/duration-input.tsx'
import { slugOf } from '../parts/slug.ts'
import { ZoneSelect } from '../parts/zone-select.tsx'
import { PagesField } from './pages-field.tsx'
import type { TabProps } from './tab.ts'
import type { TypeDraft } from './type-draft.ts'

/** Name, duration, location and visibility. */
export function GeneralTab({ form }: TabProps) {
  return (
    <>
      <NameFields form={form} />
      <PagesField form={form} />
      <KindFields form={form} />
      <LocationFields form={form} />
      <VisibilityField form={form} />
    </>
  )
}

function NameFields({ form }: TabProps) {
  const { t } = useText()
  const { values, set } = form
  const rename = (name: string) => set(values.slug === slugOf(values.name) ? { name, slug: slugOf(name) } : { name })
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={t('parts.name')}
          required
          withAsterisk={false}
          {...form.text('name')}
          onChange={(event) => rename(event.target.value)}
        />
        <TextInput
          label={t('meetingTypes.url_path')}
          description={t('meetingTypes.url_path_note')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          required
          withAsterisk={false}
          {...form.text('slug')}
        />
      </SimpleGrid>
      <Textarea
        label={t('meetingTypes.description')}
        autosize
        minRows={2}
        maxRows={10}
        value={values.description ?? ''}
        error={form.errorAt('description')}
        onChange={(event) => set({ description: event.target.value || null })}
      />
    </>
  )
}

function KindFields({ form }: TabProps) {
  const { t } = useText()
  const { values, set } = form
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <DurationInput label={t('meetingTypes.duration')} {...form.field('duration_minutes')} />
      <Select
        label={t('meetingTypes.kind')}
        allowDeselect={false}
        data={[
          { value: 'one_on_one', label: t('meetingTypes.one_on_one') },
          { value: 'group', label: t('meetingTypes.group') },
        ]}
        value={values.kind}
        error={form.errorAt('kind')}
        onChange={(kind) => set({ kind: kind as TypeDraft['kind'], seats: kind === 'group' ? 10 : 1 })}
      />
      {values.kind === 'group' && (
        <NumberInput
          label={t('meetingTypes.seats')}
          min={1}
          max={10_000}
          value={values.seats}
          error={form.errorAt('seats')}
          onChange={(seats) => set({ seats: Number(seats) || 1 })}
        />
      )}
    </SimpleGrid>
  )
}

/** Where a meeting can take place. `ask` is the label of the input if the host provides the place. */
const locations: Record<LocationType, { label: AdminKey; ask?: AdminKey }> = {
  jitsi: { label: 'meetingTypes.place_jitsi' },
  web_conference: { label: 'meetingTypes.place_web_conference', ask: 'meetingTypes.ask_web_conference' },
  place: { label: 'meetingTypes.place_place', ask: 'meetingTypes.ask_place' },
  phone: { label: 'meetingTypes.place_phone', ask: 'meetingTypes.ask_phone' },
  phone_user: { label: 'meetingTypes.place_phone_user' },
  place_user: { label: 'meetingTypes.place_place_user' },
}

function LocationFields({ form }: TabProps) {
  const { t } = useText()
  const { values, set } = form
  const ask = locations[values.location_type].ask
  return (
    <>
      <Select
        label={t('meetingTypes.location')}
        allowDeselect={false}
        data={Object.entries(locations).map(([value, { label }]) => ({ value, label: t(label) }))}
        value={values.location_type}
        error={form.errorAt('location_type')}
        onChange={(type) => set({ location_type: type as TypeDraft['location_type'], location: null })}
      />
      {ask && (
        <TextInput
          label={t(ask)}
          required
          withAsterisk={false}
          value={values.location ?? ''}
          error={form.errorAt('location')}
          onChange={(event) => set({ location: event.target.value || null })}
        />
      )}
      {mediumOf(values.location_type) === 'in_person' && <LockedZoneFields form={form} />}
    </>
  )
}

/** Shows an in-person meeting's times to everyone in the time zone of its location. */
function LockedZoneFields({ form }: TabProps) {
  const { t } = useText()
  const { locked_timezone: zone } = form.values
  return (
    <div>
      <Switch
        label={t('meetingTypes.lock_zone')}
        description={t('meetingTypes.lock_zone_note')}
        checked={zone !== null}
        onChange={(event) => form.set({ locked_timezone: event.target.checked ? detectZone() : null })}
      />
      {zone !== null && (
        <Box mt="sm">
          <ZoneSelect
            label={t('meetingTypes.locked_zone')}
            value={zone}
            error={form.errorAt('locked_timezone')}
            onChange={(locked_timezone) => form.set({ locked_timezone })}
          />
        </Box>
      )}
    </div>
  )
}

function VisibilityField({ form }: TabProps) {
  const { t } = useText()
  return (
    <Radio.Group
      label={t('meetingTypes.visibility')}
      value={form.values.visibility}
      onChange={(visibility) => form.set({ visibility: visibility as TypeDraft['visibility'] })}
    >
      <Stack gap="xs" mt="xs">
        <Radio value="public" label={t('meetingTypes.public')} description={t('meetingTypes.public_note')} />
        <Radio value="hidden" label={t('meetingTypes.hidden')} description={t('meetingTypes.hidden_note')} />
        <Radio value="disabled" label={t('meetingTypes.disabled')} description={t('meetingTypes.disabled_note')} />
      </Stack>
    </Radio.Group>
  )
}
