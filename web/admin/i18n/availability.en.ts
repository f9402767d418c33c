export const availability = {}
