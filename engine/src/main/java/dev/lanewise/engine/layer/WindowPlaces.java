package dev.lanewise.engine.layer;

/** The places of a window that slides over positions, of a sequence or of a picture. */
public interface WindowPlaces {
  /** What stands for a position, or a place, that does not exist. */
  int NONE = -1;

  /** Returns the number of places. */
  int count();

  /** Returns how many positions the window has. */
  int size();

  /** Returns the position that is number {@code at} of the window at a place; -1 if outside. */
  int step(int place, int at);

  /** Returns the place at which a position is number {@code at} of the window; -1 if none is. */
  int place(int step, int at);

  /** Returns how many positions of the window at a place exist, if they are neighbours. */
  int inside(int place);
}
