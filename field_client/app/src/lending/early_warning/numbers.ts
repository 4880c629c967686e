// The thresholds of early warning that are marked [own]: a lender sets others by `Parameter`.

/**
 * Days, months, percent, metres and fen by key, as they are where nobody set another.
 *
 * Source: domain.md, sections 6.6, 7 and 9; the shared vectors hold them equal to the server's.
 */
export const NUMBERS = {
  warn_due_days: 7,
  warn_dpd_yellow: 1,
  warn_dpd_orange: 8,
  warn_dpd_red: 31,
  warn_income_orange_percent: 20,
  warn_income_red_percent: 40,
  warn_group_dpd_above: 30,
  warn_new_debt_percent: 20,
  warn_lenders: 3,
  warn_failed_visits: 2,
  warn_failed_days: 30,
  warn_inspection_late_days: 7,
  warn_maturity_days: 30,
  warn_maturity_inspections: 2,
  first_followup_days: 15,
  inspect_large_above_fen: 5_000_000,
  inspect_normal_months: 3,
  inspect_large_months: 1,
  inspect_mention_months: 1,
  inspect_npl_days: 15,
  large_exposure_above_fen: 10_000_000,
  large_top: 10,
  warn_gps_above_m: 500,
  warn_visit_under_seconds: 180,
  warn_crop_share_percent: 30,
  warn_cash_days: 1,
  warn_reversals: 2,
  acknowledge_days: 2,
  handle_yellow_days: 30,
  handle_orange_days: 15,
  handle_red_days: 5,
} as const;

export type NumberKey = keyof typeof NUMBERS;
