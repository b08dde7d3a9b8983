/** To so many significant digits: more would be noise. */
export const significant = (value: number, digits = 3): number => Number(value.toPrecision(digits))
