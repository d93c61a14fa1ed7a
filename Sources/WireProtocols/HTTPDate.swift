/// A date in the format of HTTP, IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section
/// 5.6.7).
public struct HTTPDate: Sendable {
  /// How many bytes a date has.
  public static let length = 29
  typealias Bytes = InlineArray<29, UInt8>
  private(set) var bytes = Bytes(repeating: Ascii.space)

  /// Creates the date of a moment, counted in seconds since the start of 1970, UTC. Years 0 to
  /// 9999.
  public init(secondsSince1970 seconds: Int) {
    let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
    let second = seconds - days * 86_400
    let (year, month, day) = Self.civil(days)
    put("SunMonTueWedThuFriSat", part: ((days + 4) % 7 + 7) % 7, at: 0)  // 1 Jan 1970: a Thursday.
    put(",", part: 0, width: 1, at: 3)
    put(day, digits: 2, at: 5)
    put("JanFebMarAprMayJunJulAugSepOctNovDec", part: month - 1, at: 8)
    put(year, digits: 4, at: 12)
    for (offset, number) in [(17, second / 3600), (20, second / 60 % 60), (23, second % 60)] {
      put(number, digits: 2, at: offset)
    }
    put(":", part: 0, width: 1, at: 19)
    put(":", part: 0, width: 1, at: 22)
    put("GMT", part: 0, at: 26)
  }

  /// Returns the Gregorian date of a day, counted from 1 January 1970. A year starts in March in
  /// this calculation, so that the leap day is its last one; 400 such years always have 146,097
  /// days.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468  // Days since 1 March of the year 0.
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let leapDays = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
    let yearOfEra = (dayOfEra - leapDays) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    // Month 0 is March. Five months in a row have 153 days: 31, 30, 31, 30, 31, and so on.
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    return (era * 400 + yearOfEra + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9, day)
  }

  private mutating func put(_ number: Int, digits: Int, at offset: Int) {
    var rest = number
    for index in (offset..<offset + digits).reversed() {
      bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
  }

  private mutating func put(_ names: StaticString, part: Int, width: Int = 3, at offset: Int) {
    for index in 0..<width { bytes[offset + index] = names.utf8Start[part * width + index] }
  }
}
