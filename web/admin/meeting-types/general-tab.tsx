import { Box, NumberInput, Radio, Select, SimpleGrid, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { type LocationType, mediumOf } from '../../../src/places/schema.ts'
import { detectZone } from '../../time/zones.ts'
import { DurationInput } from '../parts/duration-input.tsx'
import { slugOf } from '../parts/slug.ts'
import { ZoneSelect } from '../parts/zone-select.tsx'
import type { TabProps } from './tab.ts'
import type { TypeDraft } from './type-draft.ts'

/** Name, duration, location and visibility. */
export function GeneralTab({ form }: TabProps) {
  return (
    <>
      <NameFields form={form} />
      <KindFields form={form} />
      <LocationFields form={form} />
      <VisibilityField form={form} />
    </>
  )
}

function NameFields({ form }: TabProps) {
  const { values, set } = form
  const rename = (name: string) => set(values.slug === slugOf(values.name) ? { name, slug: slugOf(name) } : { name })
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Name"
          required
          withAsterisk={false}
          {...form.text('name')}
          onChange={(event) => rename(event.target.value)}
        />
        <TextInput
          label="URL path"
          description="The last part of its link: /your-page/…"
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          required
          withAsterisk={false}
          {...form.text('slug')}
        />
      </SimpleGrid>
      <Textarea
        label="Description"
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
  const { values, set } = form
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <DurationInput label="Duration" {...form.field('duration_minutes')} />
      <Select
        label="Kind"
        allowDeselect={false}
        data={[
          { value: 'one_on_one', label: 'One-on-one' },
          { value: 'group', label: 'Group: several people book the same time' },
        ]}
        value={values.kind}
        error={form.errorAt('kind')}
        onChange={(kind) => set({ kind: kind as TypeDraft['kind'], seats: kind === 'group' ? 10 : 1 })}
      />
      {values.kind === 'group' && (
        <NumberInput
          label="Seats"
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

/** Where a meeting can take place; `ask` is the label of the input if the host gives the place. */
const locations: Record<LocationType, { label: string; ask?: string }> = {
  jitsi: { label: 'Video call: a private room for each meeting' },
  web_conference: { label: 'Video call: your own room', ask: 'Room URL' },
  place: { label: 'In person', ask: 'Address' },
  phone: { label: 'Phone: the attendee calls you', ask: 'Your phone number' },
  phone_user: { label: 'Phone: you call the attendee' },
  place_user: { label: 'In person, at a place the attendee chooses' },
}

function LocationFields({ form }: TabProps) {
  const { values, set } = form
  const ask = locations[values.location_type].ask
  return (
    <>
      <Select
        label="Location"
        allowDeselect={false}
        data={Object.entries(locations).map(([value, { label }]) => ({ value, label }))}
        value={values.location_type}
        error={form.errorAt('location_type')}
        onChange={(type) => set({ location_type: type as TypeDraft['location_type'], location: null })}
      />
      {ask && (
        <TextInput
          label={ask}
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

/** Lets everyone see in-person meetings in the time zone of their place. */
function LockedZoneFields({ form }: TabProps) {
  const { locked_timezone: zone } = form.values
  return (
    <div>
      <Switch
        label="Lock the time zone"
        description="People see all times in the time zone of the place, wherever they are."
        checked={zone !== null}
        onChange={(event) => form.set({ locked_timezone: event.target.checked ? detectZone() : null })}
      />
      {zone !== null && (
        <Box mt="sm">
          <ZoneSelect
            label="Time zone of the place"
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
  return (
    <Radio.Group
      label="Visibility"
      value={form.values.visibility}
      onChange={(visibility) => form.set({ visibility: visibility as TypeDraft['visibility'] })}
    >
      <Stack gap="xs" mt="xs">
        <Radio value="public" label="Public: listed on its pages" />
        <Radio value="hidden" label="Hidden: only people with the link can book it" />
        <Radio value="disabled" label="Disabled: cannot be booked" />
      </Stack>
    </Radio.Group>
  )
}
