import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("one thread: what goes in first comes out first") { order() },
    Part("a push to a full queue waits for a pop") { fullWaits() },
    Part("a pop from an empty queue waits for a push") { emptyWaits() },
    Part("two pushers, two poppers: nothing is lost, nothing doubled") { noneLost() },
    Part("two sleep, and both can go on: both are woken") { bothWake() },
    Part("closing wakes everybody who waits") { closeWakes() },
    Part("what is inside at the close is still handed out") { closeKeeps() },
  ]

  static func order() {
    explore(stuck: "The queue has room for three: neither push nor pop has a reason to wait.") {
      stage in
      let queue = BoundedQueue<Int>(capacity: 3)
      for number in 1...3 {
        expect(queue.push(number), equals: true, "push did not take element \(number)")
      }
      for number in 1...3 {
        expect(queue.pop(), equals: number, "pop did not return the oldest element")
      }
    }
  }

  static func fullWaits() {
    explore(
      stuck: "After the pop there is room again."
    ) { stage in
      let queue = BoundedQueue<Int>(capacity: 2)
      let (pushed, refused) = (Counter(), Counter())
      stage.thread("pusher") {
        for number in 1...3 { (queue.push(number) ? pushed : refused).add() }
      }
      stage.settle()
      expect(
        refused.value, equals: 0, "the queue is full but open, and push returned false",
        "Whoever pushes has a client in its hand, and now has nowhere to put it. False is for a closed queue; a full one "
          + "makes the thread wait.")
      expect(
        pushed.value, equals: 2, "a queue of capacity 2 has taken more or less than two elements",
        "A queue without a bound hides that the workers cannot keep up, until memory ends.")
      expect(queue.pop(), equals: 1, "pop did not return the oldest element")
      stage.settle()
      expect(
        pushed.value, equals: 3, "after a pop the push that waited has not gone on",
        "There is room again, and nobody tells the thread that sleeps at notFull.")
    }
  }

  static func emptyWaits() {
    explore(
      stuck: "The queue has room for two: push has no reason to wait.",
      crash: "pop took an element out of an empty queue."
    ) { stage in
      let queue = BoundedQueue<Int>(capacity: 2)
      let (popped, refused) = (Counter(), Counter())
      stage.thread("popper") { (queue.pop() == 7 ? popped : refused).add() }
      stage.settle()
      expect(
        refused.value, equals: 0, "the queue is empty but open, and pop returned nil",
        "For a worker, nil is the end of its life. Nothing there means wait; nil means that nothing will come any more."
      )
      _ = queue.push(7)
      stage.settle()
      expect(
        popped.value, equals: 1, "the pop that waited has not returned the element that was pushed",
        "There is an element, and somebody has to wake the thread that sleeps at notEmpty.")
    }
  }

  static func noneLost() {
    explore(
      stuck:
        "One signal wakes one thread. Where pushers and poppers sleep in the same place, it may be the wrong kind of "
        + "thread: it goes back to sleep, and the signal is lost.",
      crash: tooLate
    ) { stage in
      let queue = BoundedQueue<Int>(capacity: 1)
      let sum = Counter()
      for number in 1...2 {
        stage.thread("pusher \(number)") { _ = queue.push(number) }
        stage.thread("popper \(number)") {
          guard let element = queue.pop() else {
            fail("pop returned nil, and the queue is open", tooLate)
          }
          stage.note("has taken element \(element)")
          sum.add(element)
        }
      }
      stage.join()
      expect(
        sum.value, equals: 3,
        "1 and 2 were pushed, and the elements that came out have another sum", tooLate)
    }
  }

  static let tooLate =
    "Between the signal and the moment the sleeper has the mutex again, a third thread was faster. The sleeper must "
    + "look again: while, not if."

  static func bothWake() {
    let why =
      "Both slept, and only the first change has sent a signal: with the second one the queue was not empty, or not full, any more. "
      + "But the first signal wakes one thread. Each element needs a signal of its own, and so does each free place."
    explore(stuck: why) { stage in
      let (empty, full) = (BoundedQueue<Int>(capacity: 2), BoundedQueue<Int>(capacity: 2))
      let (popped, pushed) = (Counter(), Counter())
      for number in 1...2 { _ = full.push(number) }
      for number in 1...2 {
        stage.thread("popper \(number)") { if empty.pop() != nil { popped.add() } }
        stage.thread("pusher \(number)") { if full.push(number) { pushed.add() } }
      }
      stage.settle()
      for number in 1...2 { _ = empty.push(number) }
      stage.settle()
      expect(popped.value, equals: 2, "two elements came for two poppers, and one sleeps on", why)
      for _ in 1...2 { _ = full.pop() }
      stage.settle()
      expect(pushed.value, equals: 2, "two places are free for two pushers, and one sleeps on", why)
    }
  }

  static func closeWakes() {
    closeWakes(
      1,
      "Nobody has woken it, or it looks only for an element or for room, finds neither, and goes back to sleep. The loop "
        + "must end when the queue is closed, too.")
    explore(
      stuck:
        "It saw that the queue was open, and close came between its look and its sleep: it has missed the waking. close needs the "
        + "mutex, too."
    ) { stage in
      let queue = BoundedQueue<Int>(capacity: 1)
      stage.thread("popper") { expect(queue.pop(), equals: nil, "pop from a closed, empty queue") }
      queue.close()
    }
    closeWakes(2, "Everybody who waits must see that the queue is closed; close wakes only one.")
  }

  /// - Parameter count: how many pop, and how many push.
  static func closeWakes(_ count: Int, _ stuck: String) {
    explore(stuck: stuck) { stage in
      let (empty, full) = (BoundedQueue<Int>(capacity: 1), BoundedQueue<Int>(capacity: 1))
      _ = full.push(0)
      for number in 1...count {
        stage.thread("popper \(number)") {
          expect(empty.pop(), equals: nil, "pop from a closed, empty queue")
        }
        stage.thread("pusher \(number)") {
          expect(full.push(number), equals: false, "push to a closed queue")
        }
      }
      stage.settle()
      empty.close()
      full.close()
    }
  }

  static func closeKeeps() {
    explore(stuck: "A closed queue makes nobody wait.") { stage in
      let queue = BoundedQueue<Int>(capacity: 3)
      for number in 1...2 { _ = queue.push(number) }
      queue.close()
      expect(
        [queue.pop(), queue.pop(), queue.pop()], equals: [1, 2, nil],
        "elements that were inside when it was closed are lost",
        "They were accepted: whoever pushed them was told that they would be served.")
      expect(queue.push(3), equals: false, "push to a closed queue")
    }
  }
}
