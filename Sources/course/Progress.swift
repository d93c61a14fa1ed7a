/// How far a learner is, by exercise.
struct Progress: Codable {
  struct Entry: Codable {
    var isDone = false
    /// How many hints have been shown.
    var hints = 0
    /// What was predicted.
    var guess: Guess?
  }

  private var exercises: [String: Entry] = [:]

  subscript(exercise: Exercise) -> Entry {
    get { exercises[exercise.number] ?? Entry() }
    set { exercises[exercise.number] = newValue }
  }
}
