#ifndef GENKIT_SRC_RUNTIME_INTRUSIVE_LIST_H_
#define GENKIT_SRC_RUNTIME_INTRUSIVE_LIST_H_

namespace genkit::internal {

/// Base of what can be in one `List<T>`.
template <class T>
struct ListNode {
  T* list_previous = nullptr;
  T* list_next = nullptr;
  bool linked = false;
};

/// A doubly linked list that allocates nothing: its elements live where they are, on waiters' stacks for example.
template <class T>
class List {
 public:
  bool empty() const noexcept { return first_ == nullptr; }
  T* first() const noexcept { return first_; }
  static T* next(const T& element) noexcept { return node(element).list_next; }

  void push_back(T& element) noexcept {
    ListNode<T>& link = node(element);
    link.list_previous = last_;
    link.list_next = nullptr;
    link.linked = true;
    (last_ != nullptr ? node(*last_).list_next : first_) = &element;
    last_ = &element;
  }
  void erase(T& element) noexcept {
    ListNode<T>& link = node(element);
    (link.list_previous != nullptr ? node(*link.list_previous).list_next : first_) = link.list_next;
    (link.list_next != nullptr ? node(*link.list_next).list_previous : last_) = link.list_previous;
    link.list_previous = nullptr;
    link.list_next = nullptr;
    link.linked = false;
  }
  static bool contains(const T& element) noexcept { return node(element).linked; }

 private:
  static ListNode<T>& node(T& element) noexcept { return element; }
  static const ListNode<T>& node(const T& element) noexcept { return element; }

  T* first_ = nullptr;
  T* last_ = nullptr;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_INTRUSIVE_LIST_H_
