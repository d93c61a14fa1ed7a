/// The reader's progress, by the numbers of steps and exercises.
struct Progress: Codable {
  struct Entry: Codable {
    var isDone = false
    var isSkipped = false
    /// The number of hints shown.
    var hints = 0
    /// The prediction.
    var guess: Guess?
  }

  private var exercises: [String: Entry] = [:]
  private var steps: [String: Entry] = [:]
  /// The numbers of the step and the exercise that a command was about last.
  private(set) var lastStep: String?
  private(set) var lastExercise: String?
  /// The later one of these two.
  private(set) var isBuilding = true

  init() {}

  subscript(lesson: Lesson) -> Entry {
    get {
      switch lesson {
      case .step(let step): steps[step.number] ?? Entry()
      case .exercise(let exercise): exercises[exercise.number] ?? Entry()
      }
    }
    set {
      switch lesson {
      case .step(let step): steps[step.number] = newValue
      case .exercise(let exercise): exercises[exercise.number] = newValue
      }
    }
  }

  subscript(exercise: Exercise) -> Entry { self[.exercise(exercise)] }
  subscript(step: Step) -> Entry { self[.step(step)] }

  /// Remembers what the reader is working on.
  mutating func touch(_ lesson: Lesson) {
    switch lesson {
    case .step(let step): (lastStep, isBuilding) = (step.number, true)
    case .exercise(let exercise): (lastExercise, isBuilding) = (exercise.number, false)
    }
  }

  /// The next one: the last one touched if it is open, otherwise the first open one after it,
  /// otherwise the first open one.
  /// - Parameter lessons: all steps, or all exercises.
  func next(of lessons: [Lesson]) -> Lesson? {
    let last = lessons.firstIndex { $0.number == lastStep || $0.number == lastExercise } ?? 0
    let isOpen = { (lesson: Lesson) in !self[lesson].isDone && !self[lesson].isSkipped }
    return lessons[last...].first(where: isOpen) ?? lessons.first(where: isOpen)
  }
}

// A file from an older version lacks newer keys, so a missing key gets its initial value.
extension Progress {
  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    exercises = try values.decodeIfPresent([String: Entry].self, forKey: .exercises) ?? [:]
    steps = try values.decodeIfPresent([String: Entry].self, forKey: .steps) ?? [:]
    lastStep = try values.decodeIfPresent(String.self, forKey: .lastStep)
    lastExercise = try values.decodeIfPresent(String.self, forKey: .lastExercise)
    isBuilding = try values.decodeIfPresent(Bool.self, forKey: .isBuilding) ?? true
  }
}

extension Progress.Entry {
  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    isDone = try values.decodeIfPresent(Bool.self, forKey: .isDone) ?? false
    isSkipped = try values.decodeIfPresent(Bool.self, forKey: .isSkipped) ?? false
    hints = try values.decodeIfPresent(Int.self, forKey: .hints) ?? 0
    guess = try values.decodeIfPresent(Guess.self, forKey: .guess)
  }
}
